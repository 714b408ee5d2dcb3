package io.github.captchacallback.cli;

import io.github.captchacallback.http.CallbackRequest;
import io.github.captchacallback.http.FormParameters;
import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.protocol.Judgement;
import io.github.captchacallback.protocol.Verification;
import io.github.captchacallback.provider.CallbackFormat;
import io.github.captchacallback.provider.TaskResult;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SignatureSettings.Scheme;
import io.github.captchacallback.signature.Proof;
import io.github.captchacallback.signature.SignatureScheme;
import io.github.captchacallback.source.SourceFilter;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Explains what the endpoint would answer to a callback URL. It has the URL judged by the endpoint's own checks, as the request
 * that a service would make of it; who calls, and whether the callback is expected and the first, only the running
 * application can tell. Nothing that it says contains a secret or a MAC.
 */
final class CallbackUrlInspector {

    private final CallbackSettings settings;
    private final InstantSource clock;
    private final Verification verification;

    CallbackUrlInspector(CallbackSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.verification = new Verification(settings, SignatureScheme.of(settings), SourceFilter.everyone(), clock);
    }

    /**
     * What was found.
     *
     * @param refusal the first check that fails; null if none does
     * @param findings what was found, in sentences, in the order of the checks
     */
    record Inspection(@Nullable Refusal refusal, List<String> findings) {}

    Inspection inspect(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return new Inspection(Refusal.MALFORMED, List.of("This is no URL."));
        }
        ServiceRequest request = ServiceRequest.of(uri, settings);
        if (!verification.covers(request)) {
            return new Inspection(
                    Refusal.MALFORMED,
                    List.of("The path is not the configured " + ServiceRequest.publicPath(settings)
                            + ": no callback arrives there."));
        }
        List<String> findings = new ArrayList<>();
        String publicUrl = settings.publicUrl();
        if (publicUrl != null && !url.startsWith(publicUrl)) {
            findings.add("It does not begin with " + publicUrl
                    + ": verification does not look at the host, but the token is for that audience.");
        }
        Judgement judgement = verification.judge(request);
        if (judgement instanceof Judgement.Genuine genuine) {
            describe(genuine.proof(), request, findings);
            return new Inspection(null, findings);
        }
        Judgement.Failed failed = (Judgement.Failed) judgement;
        if (failed.proof() == null) {
            findings.add("What is wrong: " + failed.detail() + ".");
        } else {
            describe(failed.proof(), request, findings);
        }
        return new Inspection(failed.refusal(), findings);
    }

    private void describe(Proof proof, ServiceRequest request, List<String> findings) {
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
            findings.add(mismatch(request.token().split("\\.", 3)[1]));
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

    /** The request that a service makes of a URL: it appends its parameters, unless they are there already. */
    private record ServiceRequest(
            String method,
            boolean secure,
            String path,
            @Nullable String query) implements CallbackRequest {

        static ServiceRequest of(URI uri, CallbackSettings settings) {
            String path = String.valueOf(uri.getRawPath());
            String publicPath = publicPath(settings);
            // A proxy may rewrite the path before the container sees it.
            String inContainer =
                    path.startsWith(publicPath) ? settings.path() + path.substring(publicPath.length()) : path;
            return new ServiceRequest(
                    settings.methods().iterator().next(),
                    "https".equals(uri.getScheme()),
                    inContainer,
                    completed(uri.getRawQuery(), settings));
        }

        static String publicPath(CallbackSettings settings) {
            String publicUrl = settings.publicUrl();
            return publicUrl == null ? settings.path() : URI.create(publicUrl).getRawPath();
        }

        private static String completed(@Nullable String query, CallbackSettings settings) {
            CallbackFormat format = settings.format();
            Map<String, String> appended = format.write("any", new TaskResult.Solution("any"));
            if (settings.signature().scheme() == Scheme.TASK_ID) {
                // The id is what was signed, so the URL must contain it.
                appended.remove(format.taskIdParameter());
            }
            FormParameters.ofQuery(query).all().forEach(each -> appended.remove(each.name()));
            StringBuilder completed = new StringBuilder(query == null ? "" : query);
            appended.forEach((name, value) ->
                    completed.append('&').append(name).append('=').append(value));
            return completed.toString();
        }

        /** Returns the token, which verification has read from one of the two places. */
        String token() {
            return FormParameters.ofQuery(query).all().stream()
                    .filter(each -> "token".equals(each.name()))
                    .map(each -> Objects.requireNonNull(each.value()))
                    .findFirst()
                    .orElseGet(() -> path.substring(path.lastIndexOf('/') + 1));
        }

        @Override
        public @Nullable String remoteAddress() {
            return null;
        }

        @Override
        public List<String> headers(String name) {
            return List.of();
        }

        @Override
        public @Nullable String contentType() {
            return null;
        }

        @Override
        public byte[] body(int maxBytes) {
            return new byte[0];
        }

        @Override
        public String toString() {
            return "ServiceRequest[***]";
        }
    }
}
