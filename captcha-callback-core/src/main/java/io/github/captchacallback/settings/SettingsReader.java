package io.github.captchacallback.settings;

import io.github.captchacallback.address.IpRange;
import io.github.captchacallback.provider.Provider;
import io.github.captchacallback.settings.CallbackSettings.Duplicates;
import io.github.captchacallback.settings.CallbackSettings.Freshness;
import io.github.captchacallback.settings.CallbackSettings.Parameters;
import io.github.captchacallback.settings.CallbackSettings.Pending;
import io.github.captchacallback.settings.CallbackSettings.Replay;
import io.github.captchacallback.settings.CallbackSettings.Scheme;
import io.github.captchacallback.settings.CallbackSettings.Signature;
import io.github.captchacallback.settings.CallbackSettings.Source;
import io.github.captchacallback.settings.CallbackSettings.Store;
import io.github.captchacallback.settings.CallbackSettings.UrlStyle;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns values by key into typed settings, and refuses the first that it cannot use. */
final class SettingsReader {

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern PLAIN_PATH = Pattern.compile("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+");
    private static final Pattern PARAMETER_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final Set<String> OWN_PARAMETERS = Set.of("token", "ts");
    private static final int MAX_CODE_LENGTH_LIMIT = 1 << 24;
    private static final Pattern STORE_TYPE = Pattern.compile("[a-z][a-z0-9-]*");

    private final Map<String, String> values;
    private final UnaryOperator<@Nullable String> environment;

    SettingsReader(Map<String, String> values, UnaryOperator<@Nullable String> environment) {
        this.values = new TreeMap<>(values);
        this.environment = environment;
    }

    CallbackSettings read() {
        values.keySet().forEach(SettingsReader::requireKnown);
        String publicUrl = publicUrl();
        Provider provider = choice(Setting.PROVIDER, Provider.values(), Provider::id);
        CallbackSettings settings = new CallbackSettings(
                publicUrl,
                path(publicUrl),
                methods(),
                bool(Setting.REQUIRE_HTTPS),
                bool(Setting.ERROR_DETAIL),
                provider,
                new Parameters(
                        parameter(Setting.PARAMETER_TASK_ID, provider.taskIdParameter(), provider),
                        parameter(Setting.PARAMETER_CODE, provider.codeParameter(), provider)),
                (int) number(Setting.MAX_CODE_LENGTH, 1, MAX_CODE_LENGTH_LIMIT),
                signature(publicUrl),
                new Freshness(
                        bool(Setting.FRESHNESS_ENABLED),
                        seconds(Setting.FRESHNESS_TTL, 1),
                        seconds(Setting.FRESHNESS_CLOCK_SKEW, 0)),
                new Source(
                        ranges(Setting.SOURCE_ALLOW),
                        file(Setting.SOURCE_ALLOW_FILE),
                        ranges(Setting.SOURCE_TRUSTED_PROXIES),
                        choice(Setting.SOURCE_FORWARDED_HEADER, ForwardedHeader.values(), ForwardedHeader::headerName)),
                new Pending(bool(Setting.PENDING_ENABLED), giveUpAfter()),
                new Replay(
                        bool(Setting.REPLAY_ENABLED),
                        choice(Setting.REPLAY_DUPLICATES, Duplicates.values(), SettingsReader::wire),
                        duration(Setting.REPLAY_LEASE, Duration.ofMillis(1))),
                store());
        SettingsRules.check(settings);
        return settings;
    }

    private static void requireKnown(String key) {
        if (Setting.of(key).isEmpty()) {
            throw new CallbackSettingsException(key, null, "there is no such setting", KeySuggestion.mend(key));
        }
    }

    private @Nullable String publicUrl() {
        String text = given(Setting.PUBLIC_URL);
        if (text == null) {
            return null;
        }
        String mend = "Write an absolute URL like https://your-server.com/captcha/callback";
        if (text.contains("@")) {
            // What stands before it may be a password, so the value is not shown.
            throw refused(Setting.PUBLIC_URL, null, "it names a user", mend);
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refused(Setting.PUBLIC_URL, text, "this is no URL", mend);
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw refused(Setting.PUBLIC_URL, text, "this is no absolute http or https URL", mend);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused(Setting.PUBLIC_URL, text, "it has a query or a fragment", mend);
        }
        requirePlainPath(Setting.PUBLIC_URL, text, uri.getRawPath());
        return text;
    }

    private String path(@Nullable String publicUrl) {
        String path = given(Setting.PATH);
        if (path != null) {
            requirePlainPath(Setting.PATH, path, path);
            return path;
        }
        if (publicUrl == null) {
            throw new CallbackSettingsException(
                    Setting.PUBLIC_URL.key(),
                    null,
                    "it is missing",
                    "Give the URL at which the service calls back, like https://your-server.com/captcha/callback, or"
                            + " 'path' on a node that only verifies");
        }
        return URI.create(publicUrl).getRawPath();
    }

    /** A path that could be spelt in a second way could be walked around by that way. */
    private static void requirePlainPath(Setting setting, String text, String path) {
        if (!PLAIN_PATH.matcher(path).matches()) {
            throw refused(
                    setting,
                    text,
                    "its path is not in plain form",
                    "Write segments of letters, digits, '-', '_', '.' and '~', without a slash at the end");
        }
    }

    private Set<String> methods() {
        Set<String> methods = new LinkedHashSet<>(list(Setting.METHODS));
        if (methods.isEmpty() || !Set.of("GET", "POST").containsAll(methods)) {
            throw refused(
                    Setting.METHODS, text(Setting.METHODS), "services call by GET or POST", "Write GET, POST, or both");
        }
        return java.util.Collections.unmodifiableSet(methods);
    }

    private String parameter(Setting setting, String usual, Provider provider) {
        String given = given(setting);
        String name = given == null ? usual : given;
        boolean taken =
                OWN_PARAMETERS.contains(name) || provider.otherParameters().contains(name);
        if (taken || !PARAMETER_NAME.matcher(name).matches()) {
            throw refused(
                    setting,
                    name,
                    "this is no name for a parameter of the service's",
                    "Write the service's own name, of letters, digits, '-' and '_', other than 'token' and 'ts'");
        }
        return name;
    }

    private Signature signature(@Nullable String publicUrl) {
        Map<String, Secret> keys = new LinkedHashMap<>();
        String prefix = Setting.SIGNATURE_KEYS.prefix();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                String id = keyId(key, key.substring(prefix.length()));
                KeyIds.alike(id, keys.keySet()).ifPresent(other -> {
                    throw new CallbackSettingsException(
                            key,
                            null,
                            "there is also a key " + other + ", whose id differs only in case, '-' or '_'",
                            "Rename one of the two, and use the same spelling in every place");
                });
                keys.put(id, secret(key, value));
            }
        });
        boolean enabled = bool(Setting.SIGNATURE_ENABLED);
        Scheme scheme = choice(Setting.SIGNATURE_SCHEME, Scheme.values(), SettingsReader::wire);
        return new Signature(
                enabled,
                scheme,
                java.util.Collections.unmodifiableMap(keys),
                enabled ? activeKey(keys.keySet()) : "",
                enabled ? audience(publicUrl, scheme) : "",
                choice(Setting.SIGNATURE_URL_STYLE, UrlStyle.values(), SettingsReader::wire));
    }

    private static String keyId(String key, String id) {
        if (!KEY_ID.matcher(id).matches()) {
            throw new CallbackSettingsException(
                    key, null, "this is no key id", "Write 1 to 32 letters, digits, '_' and '-', such as 2026-11");
        }
        return id;
    }

    private Secret secret(String key, String value) {
        try {
            return Secret.parse(value, environment);
        } catch (IllegalArgumentException e) {
            throw new CallbackSettingsException(
                    key,
                    null,
                    String.valueOf(e.getMessage()),
                    Secret.placeToFix(value) + " at least " + Secret.MIN_BYTES
                            + " random bytes, for example base64: and what 'openssl rand -base64 32' prints");
        }
    }

    private String activeKey(Set<String> keyIds) {
        String active = given(Setting.SIGNATURE_ACTIVE_KEY);
        if (keyIds.isEmpty()) {
            throw new CallbackSettingsException(
                    Setting.SIGNATURE_KEYS.key(),
                    null,
                    "there is no signing key",
                    "Give one, for example captcha.callback.signature.keys.2026-11=env:CAPTCHA_SECRET");
        }
        if (active == null && keyIds.size() > 1) {
            throw new CallbackSettingsException(
                    Setting.SIGNATURE_ACTIVE_KEY.key(),
                    null,
                    "there are " + keyIds.size() + " keys, " + String.join(" and ", keyIds) + ", and none is active",
                    "Name the one that signs");
        }
        if (active == null) {
            return keyIds.iterator().next();
        }
        return KeyIds.alike(active, keyIds)
                .orElseThrow(() -> refused(
                        Setting.SIGNATURE_ACTIVE_KEY,
                        active,
                        "there is no such key",
                        "Name one of " + String.join(", ", keyIds)));
    }

    private String audience(@Nullable String publicUrl, Scheme scheme) {
        String audience = given(Setting.SIGNATURE_AUDIENCE);
        if (audience != null) {
            return audience;
        }
        if (publicUrl == null && scheme == Scheme.REFERENCE) {
            throw new CallbackSettingsException(
                    Setting.SIGNATURE_AUDIENCE.key(),
                    null,
                    "it is missing, and there is no 'public-url' to take its place",
                    "Give the public-url of the node that issues");
        }
        return publicUrl == null ? "" : publicUrl;
    }

    private Duration giveUpAfter() {
        Duration ttl = seconds(Setting.FRESHNESS_TTL, 1);
        if (given(Setting.PENDING_GIVE_UP_AFTER) == null) {
            return ttl;
        }
        Duration giveUpAfter = duration(Setting.PENDING_GIVE_UP_AFTER, Duration.ofMillis(1));
        if (giveUpAfter.compareTo(ttl) < 0) {
            throw refused(
                    Setting.PENDING_GIVE_UP_AFTER,
                    text(Setting.PENDING_GIVE_UP_AFTER),
                    "it is less than 'freshness.ttl', so a callback whose URL is still valid would be refused as unknown",
                    "Write at least " + ttl.toSeconds() + "s, or make freshness.ttl smaller");
        }
        return giveUpAfter;
    }

    private Store store() {
        String type = text(Setting.STORE_TYPE);
        if (!STORE_TYPE.matcher(type).matches()) {
            throw refused(
                    Setting.STORE_TYPE,
                    type,
                    "a type has lower-case letters, digits and '-'",
                    "Write caffeine, or the type of a CallbackStoreProvider");
        }
        return new Store(type, number(Setting.STORE_CAPACITY, 1, Long.MAX_VALUE));
    }

    private List<IpRange> ranges(Setting setting) {
        List<String> entries = list(setting);
        String text = values.get(setting.key());
        // An empty list would let everyone in, which is hardly what was meant by writing one.
        if (text != null && entries.isEmpty()) {
            throw refused(setting, text, "this list has no entry", "Give at least one, or remove the key");
        }
        List<IpRange> ranges = new ArrayList<>();
        for (String entry : entries) {
            try {
                ranges.add(IpRange.parse(entry));
            } catch (IllegalArgumentException e) {
                throw refused(
                        setting, entry, String.valueOf(e.getMessage()), "Correct or remove this entry of the list");
            }
        }
        return List.copyOf(ranges);
    }

    private @Nullable Path file(Setting setting) {
        String path = given(setting);
        try {
            return path == null ? null : Path.of(path);
        } catch (InvalidPathException e) {
            throw refused(setting, path, "this is no path", "Write the path of a file");
        }
    }

    private boolean bool(Setting setting) {
        return choice(setting, new Boolean[] {true, false}, String::valueOf);
    }

    private <T> T choice(Setting setting, T[] choices, Function<T, String> name) {
        String text = text(setting);
        return Arrays.stream(choices)
                .filter(choice -> name.apply(choice).equals(text))
                .findFirst()
                .orElseThrow(() -> refused(
                        setting,
                        text,
                        "this is none of the choices",
                        "Write "
                                + String.join(
                                        " or ", Arrays.stream(choices).map(name).toList())));
    }

    private static String wire(Enum<?> choice) {
        return choice.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private long number(Setting setting, long least, long most) {
        String text = text(setting);
        long number = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw refused(
                    setting,
                    text,
                    "this is no number in range",
                    "Write " + (most == Long.MAX_VALUE ? "a number from " + least + " on" : least + " to " + most));
        }
        return number;
    }

    private Duration seconds(Setting setting, long least) {
        Duration duration = duration(setting, Duration.ofSeconds(least));
        if (duration.toNanosPart() != 0) {
            throw refused(setting, text(setting), "the wire counts in seconds", "Write whole seconds, such as 300s");
        }
        return duration;
    }

    private Duration duration(Setting setting, Duration least) {
        String text = text(setting);
        Duration duration = parseDuration(text);
        if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(Duration.ofDays(365)) > 0) {
            throw refused(
                    setting,
                    text,
                    "this is no duration in range",
                    "Write a number with its unit, ms, s, m, h or d, such as 300s; the least is " + least.toMillis()
                            + "ms, the most 365d");
        }
        return duration;
    }

    private static @Nullable Duration parseDuration(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            return text.startsWith("P") ? Duration.parse(text) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private List<String> list(Setting setting) {
        return Arrays.stream(text(setting).split(",", -1))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private @Nullable String given(Setting setting) {
        String value = values.get(setting.key());
        return value == null || value.isBlank() ? null : value.strip();
    }

    private String text(Setting setting) {
        String value = given(setting);
        return value == null ? setting.defaultValue() : value;
    }

    private static CallbackSettingsException refused(
            Setting setting, @Nullable String value, String problem, String mend) {
        return new CallbackSettingsException(setting.key(), value, problem, mend);
    }
}
