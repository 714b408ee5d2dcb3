package io.github.captchacallback;

import io.github.captchacallback.address.IpAllowlist;
import io.github.captchacallback.protocol.Freshness;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.SettingValues;
import io.github.captchacallback.settings.SourceSettings;
import io.github.captchacallback.signature.SignatureScheme;
import io.github.captchacallback.source.AllowFile;
import io.github.captchacallback.source.SourceFilter;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CleanableStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a {@link CaptchaCallbacks} of settings and, where the application has them, a store, a clock and listeners of its
 * own. Each method overrides what an earlier call has set. Not safe for use by several threads.
 */
public final class CaptchaCallbacksBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private static final Duration FOREVER = Duration.ofDays(365_000);

    private final List<CallbackEventListener> listeners = new ArrayList<>();
    private SettingValues values = SettingValues.none();
    private @Nullable InstantSource clock;
    private @Nullable CallbackStore store;

    CaptchaCallbacksBuilder() {}

    /** Represents what the settings and collaborators come to. */
    record Parts(
            CallbackSettings settings,
            SteadyClock clock,
            Notifier notifier,
            SourceFilter sources,
            SignatureScheme scheme,
            CallbackStore store,
            BackgroundThread background) {

        Parts withClock(InstantSource other) {
            return new Parts(settings, clock.with(other), notifier, sources, scheme, store, background);
        }
    }

    /**
     * Sets any setting of the schema by its key.
     *
     * @param key the key without {@link CallbackSettings#PREFIX}, such as {@code replay.duplicates}
     * @param value the value as it stands in a properties file
     */
    public CaptchaCallbacksBuilder set(String key, String value) {
        return settings(Map.of(key, value));
    }

    /** Sets settings by their keys, each without {@link CallbackSettings#PREFIX}. */
    public CaptchaCallbacksBuilder settings(Map<String, String> settings) {
        return settings(SettingValues.of(settings));
    }

    /** Sets settings as they were written somewhere: in a file, among system properties, in the environment. */
    public CaptchaCallbacksBuilder settings(SettingValues settings) {
        values = values.overriddenBy(settings);
        return this;
    }

    /** Sets {@code public-url}: what goes out as pingback, and where callbacks arrive. */
    public CaptchaCallbacksBuilder publicUrl(String url) {
        return set("public-url", url);
    }

    /**
     * Adds a signing key.
     *
     * @param keyId 1 to 32 letters, digits, {@code _} and {@code -}
     * @param secret at least 32 bytes: text, {@code base64:…}, {@code hex:…}, {@code env:NAME} or {@code file:path}
     */
    public CaptchaCallbacksBuilder signingKey(String keyId, String secret) {
        return set("signature.keys." + keyId, secret);
    }

    /** Sets {@code signature.active-key}: the key that signs, where there are several. */
    public CaptchaCallbacksBuilder activeKey(String keyId) {
        return set("signature.active-key", keyId);
    }

    /** Sets {@code source.allow}: addresses, CIDR blocks and ranges. */
    public CaptchaCallbacksBuilder allowFrom(String... sources) {
        return set("source.allow", String.join(",", sources));
    }

    /** Sets {@code source.trusted-proxies}: addresses, CIDR blocks and ranges. */
    public CaptchaCallbacksBuilder trustProxies(String... proxies) {
        return set("source.trusted-proxies", String.join(",", proxies));
    }

    /** Sets {@code freshness.ttl}, in whole seconds. */
    public CaptchaCallbacksBuilder ttl(Duration ttl) {
        return set("freshness.ttl", ttl.toString());
    }

    /** Uses a store of the application's own. It is closed with what is built. */
    public CaptchaCallbacksBuilder store(CallbackStore ownStore) {
        this.store = ownStore;
        return this;
    }

    /** Uses another clock than the system's. A clock that goes back is not followed at once. */
    public CaptchaCallbacksBuilder clock(InstantSource ownClock) {
        this.clock = ownClock;
        return this;
    }

    /** Adds a listener. */
    public CaptchaCallbacksBuilder listener(CallbackEventListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Checks the settings, opens the store that {@code store.type} names unless {@link #store} was given one, and builds.
     *
     * @throws CallbackSettingsException if a key is unknown, a value or a combination cannot be used, or there is no store of
     *     that type
     * @throws io.github.captchacallback.store.CallbackStoreException if the store must be available at startup, and is not
     */
    public CaptchaCallbacks build() {
        CallbackSettings settings = CallbackSettings.from(values);
        settings.warnings().forEach(LOG::warn);
        Duration hold = holdOf(settings);
        SteadyClock steady = clock == null ? SteadyClock.ofSystem(hold) : SteadyClock.of(clock, hold);
        Notifier notifier = new Notifier(listeners, steady);
        SourceFilter sources = sources(settings.source(), steady, notifier);
        SignatureScheme scheme = SignatureScheme.of(settings);
        // The store comes last: it would stay open if anything else stopped the start.
        CallbackStore opened = store == null
                ? StoreTypes.open(settings.store(), !settings.pending().enabled(), values, steady)
                : store;
        BackgroundThread background = new BackgroundThread();
        if (opened instanceof CleanableStore cleanable) {
            new StoreCleaner(cleanable, background, Math::random).start();
        }
        CaptchaCallbacks callbacks =
                new CaptchaCallbacks(new Parts(settings, steady, notifier, sources, scheme, opened, background));
        if (!(opened instanceof CaffeineCallbackStore)) {
            callbacks.watchStore();
        }
        return callbacks;
    }

    /**
     * Returns how long a clock that has gone back is not followed: until everything that was judged before has expired by that
     * clock, too. Without pending tasks the store's memory is all that tells a replay, and it lasts no longer than the
     * time before says.
     */
    private static Duration holdOf(CallbackSettings settings) {
        return settings.pending().enabled() ? Freshness.of(settings).window() : FOREVER;
    }

    private static SourceFilter sources(SourceSettings source, InstantSource clock, Notifier notifier) {
        Path file = source.allowFile();
        if (file == null) {
            return source.allow().isEmpty() ? SourceFilter.everyone() : new IpAllowlist(source.allow())::permits;
        }
        try {
            return new AllowFile(file, source.allow(), clock, notifier);
        } catch (IllegalArgumentException e) {
            throw new CallbackSettingsException(
                    "source.allow-file",
                    file.toString(),
                    String.valueOf(e.getMessage()),
                    "Correct the file or its path");
        }
    }
}
