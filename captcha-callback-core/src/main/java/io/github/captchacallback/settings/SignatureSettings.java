package io.github.captchacallback.settings;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides how callback URLs are signed.
 *
 * @param enabled whether they are
 * @param scheme what is signed
 * @param keys the secrets by key id
 * @param activeKey the id of the key that signs; empty if nothing is signed
 * @param audience what a token is for; empty if nothing is signed
 * @param urlStyle which part of the URL the token is
 */
public record SignatureSettings(
        boolean enabled,
        Scheme scheme,
        Map<String, Secret> keys,
        String activeKey,
        String audience,
        UrlStyle urlStyle) {

    /** Names what is signed. */
    public enum Scheme {
        /** A reference of our own, made before the task is submitted. */
        REFERENCE,
        /** The service's id of the task. */
        TASK_ID
    }

    /** Names the part of the URL that the token is. */
    public enum UrlStyle {
        /** The parameter {@code token}. */
        QUERY,
        /** The last segment of the path. */
        PATH
    }

    static final SettingGroup<SignatureSettings> GROUP = new SettingGroup<>(CallbackSettings::signature);

    static final Setting<Boolean> ENABLED = GROUP.declare(
            "signature.enabled",
            SettingType.BOOLEAN,
            "true",
            "Signs callback URLs. Without it a callback is accepted only because its task is pending.",
            SignatureSettings::enabled);

    static final Setting<Scheme> SCHEME = GROUP.declare(
            "signature.scheme",
            SettingType.choice(Scheme.values()),
            "reference",
            "What is signed: a reference of our own, or the task id, for a caller that learns the id first.",
            SignatureSettings::scheme);

    static final Setting<Secret> KEYS = GROUP.declareFamily(
            "signature.keys.<key-id>",
            SettingType.of("secret", String.class, SignatureSettings::secret, Secret::toString),
            "A signing key of at least 32 bytes: text, `base64:…`, `hex:…`, `env:NAME` or `file:path`. The id has 1 to"
                    + " 32 letters, digits, `_` and `-`.",
            SignatureSettings::keys);

    static final Setting<String> ACTIVE_KEY = GROUP.declare(
            "signature.active-key",
            SettingType.text("key id", SettingText::text),
            "",
            "The key that signs; the others verify. Required with two keys or more.",
            SignatureSettings::activeKey);

    static final Setting<String> AUDIENCE = GROUP.declare(
            "signature.audience",
            SettingType.TEXT,
            "",
            "What a token is for; `public-url` unless given. A token made for another audience is refused.",
            SignatureSettings::audience);

    static final Setting<UrlStyle> URL_STYLE = GROUP.declare(
            "signature.url-style",
            SettingType.choice(UrlStyle.values()),
            "query",
            "Which part of the URL the token is: `?token=…`, or the last segment of the path, for a service that"
                    + " appends `?id=…` to any URL.",
            SignatureSettings::urlStyle);

    static SignatureSettings read(SettingsReader settings, @Nullable String publicUrl) {
        Map<String, Secret> keys = settings.family(KEYS);
        boolean enabled = settings.get(ENABLED);
        Scheme scheme = settings.get(SCHEME);
        return new SignatureSettings(
                enabled,
                scheme,
                keys,
                enabled ? activeKey(settings, keys.keySet()) : "",
                enabled ? audience(settings, publicUrl, scheme) : "",
                settings.get(URL_STYLE));
    }

    private static Secret secret(SettingText text) {
        try {
            return Secret.parse(text.text(), text.environment());
        } catch (IllegalArgumentException e) {
            throw text.refused(
                    null,
                    String.valueOf(e.getMessage()),
                    Secret.placeToFix(text.text()) + " at least " + Secret.MIN_BYTES
                            + " random bytes, for example base64: and what 'openssl rand -base64 32' prints");
        }
    }

    private static String activeKey(SettingsReader settings, Set<String> keyIds) {
        String active = settings.find(ACTIVE_KEY).orElse(null);
        if (keyIds.isEmpty()) {
            throw KEYS.refused(
                    null,
                    "there is no signing key",
                    "Give one, for example captcha.callback.signature.keys.2026-11=env:CAPTCHA_SECRET");
        }
        if (active == null && keyIds.size() > 1) {
            throw ACTIVE_KEY.refused(
                    null,
                    "there are " + keyIds.size() + " keys, " + String.join(" and ", keyIds) + ", and none is active",
                    "Name the one that signs");
        }
        if (active == null) {
            return keyIds.iterator().next();
        }
        return KeyIds.alike(active, keyIds)
                .orElseThrow(() ->
                        ACTIVE_KEY.refused(active, "there is no such key", "Name one of " + String.join(", ", keyIds)));
    }

    private static String audience(SettingsReader settings, @Nullable String publicUrl, Scheme scheme) {
        String audience = settings.find(AUDIENCE).orElse(publicUrl);
        if (audience == null && scheme == Scheme.REFERENCE) {
            throw AUDIENCE.refused(
                    null,
                    "it is missing, and there is no 'public-url' to take its place",
                    "Give the public-url of the node that issues");
        }
        return audience == null ? "" : audience;
    }

    /** Reports whether the token is a segment of the path. */
    public boolean inPath() {
        return enabled && urlStyle == UrlStyle.PATH;
    }

    /** Reports whether the token is a parameter of the query. */
    public boolean inQuery() {
        return enabled && urlStyle == UrlStyle.QUERY;
    }
}
