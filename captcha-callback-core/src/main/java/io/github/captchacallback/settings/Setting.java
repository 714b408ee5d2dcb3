package io.github.captchacallback.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lists every key of the schema, once. */
enum Setting {
    PUBLIC_URL(
            "public-url",
            "URL",
            "",
            "The URL that goes out as pingback, without a query; its path is where callbacks arrive. Required for issuing."),
    PATH(
            "path",
            "path",
            "",
            "Where callbacks arrive in this container, its context path included; the path of `public-url` unless given."
                    + " For an application behind a proxy that rewrites paths."),
    METHODS("methods", "list of `GET`, `POST`", "GET,POST", "The methods by which the service may call back."),
    REQUIRE_HTTPS(
            "require-https",
            "boolean",
            "true",
            "Refuses a callback that came by plain HTTP. It is never redirected: its URL has been sent in clear by then."),
    ERROR_DETAIL(
            "error-detail",
            "boolean",
            "true",
            "Tells the caller which check has failed. Without it every refusal but 405 and 503 is the same 403."),
    PROVIDER(
            "provider",
            "`captchaai`, `2captcha`, `rucaptcha`, `solvecaptcha` or `ucaptcha`",
            "captchaai",
            "The service that calls back: it decides what a callback contains and how a failed task is told from a solved one."),
    PARAMETER_TASK_ID(
            "parameters.task-id",
            "parameter name",
            "",
            "The parameter that contains the task id, if it is not the provider's `id` or, for `ucaptcha`, `captcha_id`."),
    PARAMETER_CODE(
            "parameters.code",
            "parameter name",
            "",
            "The parameter that contains the solution, if it is not the provider's `code`."),
    MAX_CODE_LENGTH(
            "max-code-length", "number of bytes", "16384", "The longest answer that is accepted, in UTF-8 bytes."),
    SIGNATURE_ENABLED(
            "signature.enabled",
            "boolean",
            "true",
            "Signs callback URLs. Without it a callback is known by its pending task alone."),
    SIGNATURE_SCHEME(
            "signature.scheme",
            "`reference` or `task-id`",
            "reference",
            "What is signed: a reference of our own, or the task id, for a caller that learns the id first."),
    SIGNATURE_KEYS(
            "signature.keys.<key-id>",
            "secret",
            "",
            "A signing key of at least 32 bytes: text, `base64:…`, `hex:…`, `env:NAME` or `file:path`. The id has 1 to 32"
                    + " letters, digits, `_` and `-`."),
    SIGNATURE_ACTIVE_KEY(
            "signature.active-key",
            "key id",
            "",
            "The key that signs; the others verify. Required with two keys or more."),
    SIGNATURE_AUDIENCE(
            "signature.audience",
            "text",
            "",
            "What a token is for; `public-url` unless given. A token made for another audience is refused."),
    SIGNATURE_URL_STYLE(
            "signature.url-style",
            "`query` or `path`",
            "query",
            "Where the token stands: as `?token=…`, or as the last segment of the path, for a service that appends `?id=…` to"
                    + " any URL."),
    FRESHNESS_ENABLED(
            "freshness.enabled",
            "boolean",
            "true",
            "Signs a timestamp with the task id. Only the `task-id` scheme can do without, and only with `pending.enabled`."),
    FRESHNESS_TTL("freshness.ttl", "duration", "600s", "How old a callback URL may be. Whole seconds."),
    FRESHNESS_CLOCK_SKEW(
            "freshness.clock-skew",
            "duration",
            "5s",
            "How far the clocks of the nodes that issue and verify may differ. Whole seconds."),
    SOURCE_ALLOW(
            "source.allow",
            "list of addresses",
            "",
            "The clients that may call back: addresses, CIDR blocks and ranges, IPv4 and IPv6; everyone unless given."),
    SOURCE_ALLOW_FILE(
            "source.allow-file",
            "file",
            "",
            "A file with the same, one a line, `#` comments. It is read again if it changes. A version without any address is not used."),
    SOURCE_TRUSTED_PROXIES(
            "source.trusted-proxies",
            "list of addresses",
            "",
            "The proxies of our own whose forwarded headers count; nobody unless given."),
    SOURCE_FORWARDED_HEADER(
            "source.forwarded-header",
            "`X-Forwarded-For` or `Forwarded`",
            "X-Forwarded-For",
            "The header that those proxies write. It is read from the right."),
    PENDING_ENABLED(
            "pending.enabled",
            "boolean",
            "true",
            "Accepts only callbacks that this application, or one that shares its store, expects."),
    PENDING_GIVE_UP_AFTER(
            "pending.give-up-after",
            "duration",
            "",
            "How long an expected callback is remembered: `freshness.ttl` unless given, and not less."),
    REPLAY_ENABLED("replay.enabled", "boolean", "true", "Accepts each callback once."),
    REPLAY_DUPLICATES(
            "replay.duplicates",
            "`conflict` or `ok`",
            "conflict",
            "How a repeat of an accepted callback is answered: with 409, or with 200 where it is the same to the letter."),
    REPLAY_LEASE(
            "replay.lease",
            "duration",
            "30s",
            "How long an application may take over a callback before another attempt gets through."),
    STORE_TYPE(
            "store.type",
            "`caffeine`, or the type of a provider",
            "caffeine",
            "Where references are remembered: in this process's memory, or in a store that a provider opens."),
    STORE_CAPACITY(
            "store.capacity",
            "number",
            "1000000",
            "How many references are remembered at once. A full store refuses; it never forgets early.");

    /** The prefix of a family of keys ends here. */
    private static final String VARIABLE_PART = "<";

    private final String key;
    private final String type;
    private final String defaultValue;
    private final String meaning;

    Setting(String key, String type, String defaultValue, String meaning) {
        this.key = key;
        this.type = type;
        this.defaultValue = defaultValue;
        this.meaning = meaning;
    }

    String key() {
        return key;
    }

    String defaultValue() {
        return defaultValue;
    }

    /** Returns the part of the key that all of a family share; the whole key where it is no family. */
    String prefix() {
        int variable = key.indexOf(VARIABLE_PART);
        return variable < 0 ? key : key.substring(0, variable);
    }

    boolean isFamily() {
        return key.contains(VARIABLE_PART);
    }

    private boolean covers(String candidate) {
        return isFamily() ? candidate.startsWith(prefix()) : candidate.equals(key);
    }

    static Optional<Setting> of(String key) {
        return Arrays.stream(values()).filter(setting -> setting.covers(key)).findFirst();
    }

    static List<SettingDescription> descriptions() {
        return Arrays.stream(values())
                .map(setting ->
                        new SettingDescription(setting.key, setting.type, setting.defaultValue, setting.meaning))
                .toList();
    }
}
