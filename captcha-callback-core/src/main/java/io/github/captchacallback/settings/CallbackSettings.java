package io.github.captchacallback.settings;

import io.github.captchacallback.provider.CallbackFormat;
import io.github.captchacallback.provider.Provider;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Represents all settings, read and checked: callbacks can be built from them.
 *
 * <p>One schema serves a properties file, a filter's init-params and Spring's {@code application.yml}. Keys have the
 * prefix {@link #PREFIX}, except in places that contain nothing else, such as init-params. Each record declares the
 * settings that its components are read from. Immutable.
 *
 * <p><b>Security notes.</b> Secrets are never printed. No setting skips verification: single layers can be switched
 * off, but not all that tell a genuine callback from another.
 *
 * @param publicUrl the URL that goes out as pingback; null on a node that only verifies
 * @param path where callbacks arrive in this container
 * @param methods the methods by which the service may call back
 * @param requireHttps whether plain HTTP is refused
 * @param errorDetail whether the caller is told which check has failed
 * @param provider the service that calls back
 * @param parameters the names of the service's parameters
 * @param maxCodeLength the longest answer, in UTF-8 bytes
 * @param signature how callback URLs are signed
 * @param freshness how old a callback URL may be
 * @param source who may call back
 * @param pending whether only expected callbacks are accepted
 * @param replay how repeats are answered
 * @param delivery how often a failing handler is tried again
 * @param store where references are remembered
 */
public record CallbackSettings(
        @Nullable String publicUrl,
        String path,
        Set<String> methods,
        boolean requireHttps,
        boolean errorDetail,
        Provider provider,
        ParameterSettings parameters,
        int maxCodeLength,
        SignatureSettings signature,
        FreshnessSettings freshness,
        SourceSettings source,
        PendingSettings pending,
        ReplaySettings replay,
        DeliverySettings delivery,
        StoreSettings store) {

    /** The beginning of every key, in places that also contain settings of other libraries. */
    public static final String PREFIX = "captcha.callback.";

    static final SettingGroup<CallbackSettings> GROUP = new SettingGroup<>(Function.identity());

    static final Setting<String> PUBLIC_URL = GROUP.declare(
            "public-url",
            EndpointTypes.URL,
            "",
            "The URL that goes out as pingback, without a query; its path is where callbacks arrive. Required for"
                    + " issuing.",
            CallbackSettings::publicUrl);

    static final Setting<String> PATH = GROUP.declare(
            "path",
            EndpointTypes.PATH,
            "",
            "Where callbacks arrive in this container, its context path included; the path of `public-url` unless"
                    + " given. For an application behind a proxy that rewrites paths.",
            CallbackSettings::path);

    static final Setting<Set<String>> METHODS = GROUP.declare(
            "methods",
            EndpointTypes.METHODS,
            "GET,POST",
            "The methods by which the service may call back.",
            CallbackSettings::methods);

    static final Setting<Boolean> REQUIRE_HTTPS = GROUP.declare(
            "require-https",
            SettingType.BOOLEAN,
            "true",
            "Refuses a callback that came by plain HTTP. It is never redirected: its URL has been sent in clear by"
                    + " then.",
            CallbackSettings::requireHttps);

    static final Setting<Boolean> ERROR_DETAIL = GROUP.declare(
            "error-detail",
            SettingType.BOOLEAN,
            "true",
            "Tells the caller which check has failed. Without it every refusal but 405 and 503 is the same 403.",
            CallbackSettings::errorDetail);

    static final Setting<Provider> PROVIDER = GROUP.declare(
            "provider",
            SettingType.choice(Provider.values(), Provider::id),
            "captchaai",
            "The service that calls back: it decides what a callback contains and how a failed task is told from a"
                    + " solved one.",
            CallbackSettings::provider);

    static final Setting<Integer> MAX_CODE_LENGTH = GROUP.declare(
            "max-code-length",
            SettingType.bytes(1, 1 << 24),
            "16384",
            "The longest answer that is accepted, in UTF-8 bytes.",
            CallbackSettings::maxCodeLength);

    static CallbackSettings read(SettingsReader settings) {
        String publicUrl = settings.find(PUBLIC_URL).orElse(null);
        Provider provider = settings.get(PROVIDER);
        return new CallbackSettings(
                publicUrl,
                path(settings, publicUrl),
                settings.get(METHODS),
                settings.get(REQUIRE_HTTPS),
                settings.get(ERROR_DETAIL),
                provider,
                ParameterSettings.read(settings, provider),
                settings.get(MAX_CODE_LENGTH),
                SignatureSettings.read(settings, publicUrl),
                FreshnessSettings.read(settings),
                SourceSettings.read(settings),
                PendingSettings.read(settings, settings.get(FreshnessSettings.TTL)),
                ReplaySettings.read(settings),
                DeliverySettings.read(settings),
                StoreSettings.read(settings));
    }

    private static String path(SettingsReader settings, @Nullable String publicUrl) {
        return settings.find(PATH)
                .or(() -> Optional.ofNullable(publicUrl)
                        .map(url -> URI.create(url).getRawPath()))
                .orElseThrow(() -> PUBLIC_URL.refused(
                        null,
                        "it is missing",
                        "Give the URL at which the service calls back, like https://your-server.com/captcha/callback,"
                                + " or 'path' on a node that only verifies"));
    }

    /**
     * Reads settings by their keys, each without {@link #PREFIX}.
     *
     * @throws CallbackSettingsException if a key is unknown, or a value or a combination cannot be used
     */
    public static CallbackSettings from(Map<String, String> values) {
        return from(SettingValues.of(values));
    }

    /**
     * Reads settings.
     *
     * @throws CallbackSettingsException if a key is unknown, or a value or a combination cannot be used; the message
     *     names the place, with file and line if it is a file
     */
    public static CallbackSettings from(SettingValues values) {
        try {
            return new SettingsReader(values.byKey(), System::getenv).read();
        } catch (CallbackSettingsException e) {
            throw e.located(values);
        }
    }

    /** Returns the schema: every key there is, in the order of the documentation. */
    public static List<SettingDescription> schema() {
        return Schema.descriptions();
    }

    /** Returns what reads the service's callbacks. */
    public CallbackFormat format() {
        return provider.format(parameters.taskId(), parameters.code());
    }

    /**
     * Reports whether the beginning of a key was probably meant to be {@link #PREFIX}, but is not, such as
     * {@code captcha.calback}. Case, dots and dashes do not count, and up to two letters may be wrong.
     *
     * @param beginning one or more elements of a key, without the dot after them
     */
    public static boolean isMistypedPrefix(String beginning) {
        return KeySuggestion.isMistypedPrefix(beginning);
    }

    /**
     * Returns the values in force by key, without {@link #PREFIX}: texts, numbers, booleans and lists of texts. A key
     * without a value is missing. Of the signing keys only the ids are returned.
     */
    public Map<String, Object> policy() {
        return Schema.policy(this);
    }

    /** Returns sentences for the operator's log about settings that can be used, but are probably not meant. */
    public List<String> warnings() {
        return SettingsRules.warnings(this);
    }
}
