package io.github.captchacallback.spring.boot;

import io.github.captchacallback.address.IpRange;
import io.github.captchacallback.settings.CallbackSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows the settings that are in force by their keys, and of the signing keys the ids alone. */
final class EffectivePolicy {

    private EffectivePolicy() {}

    static Map<String, Object> of(CallbackSettings settings) {
        Map<String, Object> policy = new LinkedHashMap<>();
        put(policy, "public-url", settings.publicUrl());
        put(policy, "path", settings.path());
        put(policy, "methods", settings.methods().stream().sorted().toList());
        put(policy, "require-https", settings.requireHttps());
        put(policy, "error-detail", settings.errorDetail());
        put(policy, "provider", settings.provider().id());
        put(policy, "parameters.task-id", settings.parameters().taskId());
        put(policy, "parameters.code", settings.parameters().code());
        put(policy, "max-code-length", settings.maxCodeLength());
        addSignature(policy, settings.signature());
        put(policy, "freshness.enabled", settings.freshness().enabled());
        put(policy, "freshness.ttl", settings.freshness().ttl());
        put(policy, "freshness.clock-skew", settings.freshness().clockSkew());
        addSource(policy, settings.source());
        put(policy, "pending.enabled", settings.pending().enabled());
        put(policy, "pending.give-up-after", settings.pending().giveUpAfter());
        put(policy, "replay.enabled", settings.replay().enabled());
        put(policy, "replay.duplicates", settings.replay().duplicates());
        put(policy, "replay.lease", settings.replay().lease());
        put(policy, "store.capacity", settings.store().capacity());
        return policy;
    }

    private static void addSignature(Map<String, Object> policy, CallbackSettings.Signature signature) {
        put(policy, "signature.enabled", signature.enabled());
        put(policy, "signature.scheme", signature.scheme());
        put(
                policy,
                "signature.keys",
                signature.keys().keySet().stream().sorted().toList());
        put(policy, "signature.active-key", signature.activeKey());
        put(policy, "signature.audience", signature.audience());
        put(policy, "signature.url-style", signature.urlStyle());
    }

    private static void addSource(Map<String, Object> policy, CallbackSettings.Source source) {
        put(policy, "source.allow", texts(source.allow()));
        put(policy, "source.allow-file", source.allowFile());
        put(policy, "source.trusted-proxies", texts(source.trustedProxies()));
        put(policy, "source.forwarded-header", source.forwardedHeader());
    }

    private static List<String> texts(List<IpRange> ranges) {
        return ranges.stream().map(range -> range.first() + "-" + range.last()).toList();
    }

    /** Shows a value as it would be written: what is not given is not shown. */
    private static void put(Map<String, Object> policy, String key, @Nullable Object value) {
        if (value instanceof Enum<?> constant) {
            policy.put(key, constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        } else if (value instanceof Boolean || value instanceof Number || value instanceof List<?>) {
            policy.put(key, value);
        } else if (value != null) {
            policy.put(key, value.toString());
        }
    }
}
