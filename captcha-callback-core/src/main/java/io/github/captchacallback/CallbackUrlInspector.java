package io.github.captchacallback;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettings.Scheme;
import io.github.captchacallback.signature.Proof;
import io.github.captchacallback.signature.SignatureScheme;
import io.github.captchacallback.signature.TokenText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says of a callback URL what verification would say of it, and why, as far as the URL alone tells: who calls, and whether
 * the callback is expected and the first, only the running application knows. Nothing it says holds a secret or a MAC.
 */
final class CallbackUrlInspector {

    private final CallbackSettings settings;
    private final InstantSource clock;
    private final CallbackPath path;
    private final SignatureScheme scheme;
    private final Freshness freshness;

    CallbackUrlInspector(CallbackSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.path = new CallbackPath(publicPath(settings), settings.signature().inPath());
        this.scheme = SignatureScheme.of(settings);
        this.freshness = Freshness.of(settings);
    }

    /** Returns the path as the service sees it, which a proxy may rewrite before the container does. */
    private static String publicPath(CallbackSettings settings) {
        String publicUrl = settings.publicUrl();
        return publicUrl == null ? settings.path() : URI.create(publicUrl).getRawPath();
    }

    /**
     * Holds what was found.
     *
     * @param refusal the first check that fails; null where none does
     * @param findings what was found, in sentences, in the order of the checks
     */
    record Inspection(@Nullable Refusal refusal, List<String> findings) {}

    Inspection inspect(String url) {
        List<String> findings = new ArrayList<>();
        Refusal refusal = inspect(url, findings);
        return new Inspection(refusal, findings);
    }

    private @Nullable Refusal inspect(String url, List<String> findings) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            findings.add("This is no URL.");
            return Refusal.MALFORMED;
        }
        if (settings.requireHttps() && !"https".equals(uri.getScheme())) {
            findings.add("The URL is not HTTPS, and require-https is on.");
            return Refusal.HTTPS_REQUIRED;
        }
        String requested = String.valueOf(uri.getRawPath());
        if (!path.isPlain(requested)) {
            findings.add(
                    path.covers(requested)
                            ? "The path is a second spelling of " + publicPath(settings) + ", or has no token in it."
                            : "The path is not the configured " + publicPath(settings)
                                    + ": no callback arrives there.");
            return Refusal.MALFORMED;
        }
        String publicUrl = settings.publicUrl();
        if (publicUrl != null && !url.startsWith(publicUrl)) {
            findings.add("It does not begin with " + publicUrl
                    + ": verification does not look at the host, but the token is for that audience.");
        }
        return inspectToken(uri, path.token(requested), findings);
    }

    private @Nullable Refusal inspectToken(URI uri, @Nullable String tokenInPath, List<String> findings) {
        String token = tokenInPath == null ? once(uri, "token") : tokenInPath;
        String taskId = once(uri, settings.parameters().taskId());
        if (settings.signature().scheme() == Scheme.TASK_ID && taskId == null) {
            findings.add("The URL has no task id, which is what the token signs: put '"
                    + settings.parameters().taskId() + "' behind it, as the service does.");
            return Refusal.MALFORMED;
        }
        Proof proof =
                scheme.read(token == null ? null : TokenText.of(token), once(uri, "ts"), taskId == null ? "" : taskId);
        if (proof == null) {
            findings.add(
                    settings.signature().scheme() == Scheme.TASK_ID
                            ? "There is no token of 64 digits of lower-case hex, exactly once, or no 'ts' in seconds."
                            : "There is no token of the form v1.<key-id>.<reference>.<issued-at>.<mac>, exactly once.");
            return Refusal.MALFORMED;
        }
        return inspectProof(String.valueOf(token), proof, findings);
    }

    private @Nullable Refusal inspectProof(String token, Proof proof, List<String> findings) {
        describe(token, proof, findings);
        if (!proof.authentic()) {
            return Refusal.INVALID_SIGNATURE;
        }
        if (!freshness.admits(proof.issuedAt(), clock.instant())) {
            return Refusal.EXPIRED;
        }
        return null;
    }

    private void describe(String token, Proof proof, List<String> findings) {
        if (!settings.signature().enabled()) {
            findings.add("Signatures are off: the callback is known by its task id alone.");
            return;
        }
        String keyId = proof.keyId();
        if (keyId != null) {
            boolean active = settings.signature().activeKey().equals(keyId);
            findings.add("Key " + keyId + (active ? ", the active one," : ", an older one that still verifies,")
                    + " signed it for " + settings.signature().audience() + ".");
        } else if (settings.signature().scheme() == Scheme.TASK_ID) {
            findings.add("None of the keys " + settings.signature().keys().keySet() + " signed this task id.");
        } else {
            findings.add(mismatch(token.split("\\.", 3)[1]));
        }
        if (settings.signature().scheme() == Scheme.REFERENCE) {
            findings.add("Its reference is " + proof.claimKey() + ".");
        }
        Instant issuedAt = proof.issuedAt();
        if (issuedAt != null) {
            findings.add(age(issuedAt));
        }
    }

    private String mismatch(String keyId) {
        return settings.signature().keys().containsKey(keyId)
                ? "Key " + keyId + " did not sign it for "
                        + settings.signature().audience()
                        + ": the URL was changed, the secret is another one, or it was issued for another audience."
                : "It names key " + keyId + ", which is not in the ring "
                        + settings.signature().keys().keySet() + ".";
    }

    private String age(Instant issuedAt) {
        Duration age = Duration.between(issuedAt, clock.instant());
        String ago = age.isNegative()
                ? "%d s in the future".formatted(-age.toSeconds())
                : "%d s ago".formatted(age.toSeconds());
        return String.format(
                Locale.ROOT,
                "It was issued at %s, %s; it may be %d s old, and %d s in the future.",
                issuedAt,
                ago,
                settings.freshness().ttl().toSeconds(),
                settings.freshness().clockSkew().toSeconds());
    }

    private static @Nullable String once(URI uri, String name) {
        FormParameters parameters = FormParameters.ofQuery(uri.getRawQuery());
        String value = null;
        while (parameters.next()) {
            if (parameters.isNamed(name)) {
                if (value != null) {
                    return null;
                }
                value = parameters.value();
            }
        }
        return value;
    }
}
