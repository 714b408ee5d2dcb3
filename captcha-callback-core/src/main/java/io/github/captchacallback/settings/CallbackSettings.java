package io.github.captchacallback.settings;

import io.github.captchacallback.address.IpRange;
import io.github.captchacallback.provider.CallbackFormat;
import io.github.captchacallback.provider.Provider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds every setting, read and checked: what there is of it can be built.
 *
 * <p>One schema serves a properties file, a filter's init-params and Spring's {@code application.yml}: keys are given
 * without the prefix {@link #PREFIX} where the place itself says whose they are, and with it elsewhere. Immutable.
 *
 * <p><b>Security notes.</b> A secret is held, and never printed. There is no setting that skips verification: what can be
 * switched off are single layers, and not all that tell a genuine callback from another.
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
 * @param replay how repeats are met
 * @param store where references are remembered
 */
public record CallbackSettings(
        @Nullable String publicUrl,
        String path,
        Set<String> methods,
        boolean requireHttps,
        boolean errorDetail,
        Provider provider,
        Parameters parameters,
        int maxCodeLength,
        Signature signature,
        Freshness freshness,
        Source source,
        Pending pending,
        Replay replay,
        Store store) {

    /** Stands before every key where settings of other libraries stand beside ours. */
    public static final String PREFIX = "captcha.callback.";

    /**
     * Holds the names of the service's parameters.
     *
     * @param taskId the parameter with the task id
     * @param code the parameter with the answer
     */
    public record Parameters(String taskId, String code) {}

    /** Names what is signed. */
    public enum Scheme {
        /** A reference of our own, made before the task is submitted. */
        REFERENCE,
        /** The service's id of the task. */
        TASK_ID
    }

    /** Names where the token stands in the URL. */
    public enum UrlStyle {
        /** As the parameter {@code token}. */
        QUERY,
        /** As the last segment of the path. */
        PATH
    }

    /**
     * Holds how callback URLs are signed.
     *
     * @param enabled whether they are
     * @param scheme what is signed
     * @param keys the secrets by key id
     * @param activeKey the key that signs; empty where nothing is signed
     * @param audience what a token is for; empty where nothing is signed
     * @param urlStyle where the token stands
     */
    public record Signature(
            boolean enabled,
            Scheme scheme,
            Map<String, Secret> keys,
            String activeKey,
            String audience,
            UrlStyle urlStyle) {

        /** Says whether the token stands in the path. */
        public boolean inPath() {
            return enabled && urlStyle == UrlStyle.PATH;
        }

        /** Says whether the token stands in the query. */
        public boolean inQuery() {
            return enabled && urlStyle == UrlStyle.QUERY;
        }
    }

    /**
     * Holds how old a callback URL may be.
     *
     * @param enabled whether a callback carries a signed time
     * @param ttl the age at which it expires
     * @param clockSkew how far the clocks of several nodes may differ
     */
    public record Freshness(boolean enabled, Duration ttl, Duration clockSkew) {}

    /**
     * Holds who may call back.
     *
     * @param allow the clients that may; everyone where this is empty and there is no file
     * @param allowFile a file that lists more of them; null where there is none
     * @param trustedProxies the proxies whose headers count
     * @param forwardedHeader the header that they write
     */
    public record Source(
            List<IpRange> allow,
            @Nullable Path allowFile,
            List<IpRange> trustedProxies,
            ForwardedHeader forwardedHeader) {}

    /**
     * Holds whether only expected callbacks are accepted.
     *
     * @param enabled whether they are
     * @param giveUpAfter how long an expected callback is remembered; at least {@code freshness.ttl}
     */
    public record Pending(boolean enabled, Duration giveUpAfter) {}

    /** Names the answer to a repeat. */
    public enum Duplicates {
        /** 409, whatever it carries. */
        CONFLICT,
        /** 200 where it is the same to the letter; it is not handed on again. */
        OK
    }

    /**
     * Holds how repeats are met.
     *
     * @param enabled whether a callback is accepted once only
     * @param duplicates how a repeat is answered
     * @param lease how long the application may take
     */
    public record Replay(boolean enabled, Duplicates duplicates, Duration lease) {}

    /**
     * Holds where references are remembered.
     *
     * @param type {@code caffeine}, or the type of a provider
     * @param capacity the most that are remembered at once
     */
    public record Store(String type, long capacity) {}

    /**
     * Reads settings by their keys, each without {@link #PREFIX}.
     *
     * @throws CallbackSettingsException where a key is unknown, or a value or a combination cannot be used
     */
    public static CallbackSettings from(Map<String, String> values) {
        return from(SettingValues.of(values));
    }

    /**
     * Reads settings.
     *
     * @throws CallbackSettingsException where a key is unknown, or a value or a combination cannot be used; the message
     *     says where it stands, file and line if it is a file
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
        return Setting.descriptions();
    }

    /** Returns what reads the service's callbacks. */
    public CallbackFormat format() {
        return provider.format(parameters.taskId(), parameters.code());
    }

    /** Returns what can be built, but is probably not meant; in sentences for the operator's log. */
    public List<String> warnings() {
        return SettingsRules.warnings(this);
    }
}
