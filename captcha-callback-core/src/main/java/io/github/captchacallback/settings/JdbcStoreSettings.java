package io.github.captchacallback.settings;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which database remembers references.
 *
 * <p><b>Security notes.</b> The URL and the password are secrets; {@link #toString()}, the policy and messages do not show them.
 *
 * @param dataSource the name of a data source, in JNDI or of a bean; null if it is the only one, or if there is a URL
 * @param url where the database is; null if there is a data source
 * @param username the database's user; null if the URL or the data source says who that is
 * @param password the password itself, and not where it is written; null if there is none
 * @param table the table
 * @param platform the database; null if it is found out
 * @param connections the most connections that are used at once
 * @param initializeSchema which databases the table is created in at startup
 */
public record JdbcStoreSettings(
        @Nullable String dataSource,
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        String table,
        @Nullable String platform,
        int connections,
        InitializeSchema initializeSchema) {

    /** Names the databases that the table is created in at startup. */
    public enum InitializeSchema {
        /** Those in this process, such as H2. */
        EMBEDDED,
        /** All. */
        ALWAYS,
        /** None. */
        NEVER
    }

    private static final String STORE = "store.";
    private static final String HIDDEN = "***";
    private static final Pattern URL_PATTERN = Pattern.compile("(jdbc:[A-Za-z0-9]+):.+");
    private static final Pattern TABLE_PATTERN =
            Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_$]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_$]{0,62}");
    private static final String[] PLATFORMS = {"postgresql", "mysql", "mariadb", "h2", "sqlserver", "oracle"};

    static final SettingGroup<JdbcStoreSettings> GROUP =
            new SettingGroup<>(settings -> settings.store().jdbc());

    static final Setting<String> DATA_SOURCE = GROUP.declare(
            "store.jdbc.data-source",
            SettingType.TEXT,
            "",
            "The data source of the store: the name of a bean in Spring, which may be left out if there is only one; a JNDI"
                    + " name, such as `java:comp/env/jdbc/callbacks`, elsewhere.",
            JdbcStoreSettings::dataSource);

    static final Setting<String> URL = GROUP.declare(
            "store.jdbc.url",
            SettingType.of("`jdbc:…`", String.class, JdbcStoreSettings::url, JdbcStoreSettings::withoutDetails),
            "",
            "Where the database is, if there is no data source. Each step then opens a connection of its own, which is slow:"
                    + " a data source with a pool is better.",
            JdbcStoreSettings::url);

    static final Setting<String> USERNAME = GROUP.declare(
            "store.jdbc.username",
            SettingType.TEXT,
            "",
            "The database's user, with `store.jdbc.url`.",
            JdbcStoreSettings::username);

    static final Setting<String> PASSWORD = GROUP.declare(
            "store.jdbc.password",
            SettingType.of(
                    "`env:NAME`, `file:path`, or the password",
                    String.class,
                    JdbcStoreSettings::password,
                    value -> HIDDEN),
            "",
            "The password of that user.",
            JdbcStoreSettings::password);

    static final Setting<String> TABLE = GROUP.declare(
            "store.jdbc.table",
            SettingType.text("name, or `schema.name`", JdbcStoreSettings::table),
            "captcha_callback",
            "The table. The script that creates it is `io/github/captchacallback/store/jdbc/schema-….sql` in the core's jar.",
            JdbcStoreSettings::table);

    static final Setting<String> PLATFORM = GROUP.declare(
            "store.jdbc.platform",
            SettingType.choice(PLATFORMS, name -> name),
            "",
            "The database whose SQL is used. It is found out from the first connection unless given. CockroachDB and"
                    + " YugabyteDB are used as `postgresql`.",
            JdbcStoreSettings::platform);

    static final Setting<Long> CONNECTIONS = GROUP.declare(
            "store.jdbc.connections",
            SettingType.number(1, 1_000),
            "5",
            "The most connections that the store uses at once. Make it less than the size of a pool that the application uses"
                    + " as well.",
            settings -> (long) settings.connections());

    static final Setting<InitializeSchema> INITIALIZE_SCHEMA = GROUP.declare(
            "store.jdbc.initialize-schema",
            SettingType.choice(InitializeSchema.values()),
            "embedded",
            "Whether the table is created at startup: in a database in this process, always, or never. Spring Boot only.",
            JdbcStoreSettings::initializeSchema);

    /**
     * Reads the settings of a store from its context.
     *
     * @param storeSettings the settings {@code store.*} that were written, by their keys without {@code store.}
     * @throws CallbackSettingsException if a value, or a combination of values, cannot be used
     */
    public static JdbcStoreSettings from(Map<String, String> storeSettings) {
        Map<String, String> byKey = new TreeMap<>();
        storeSettings.forEach((key, value) -> byKey.put(STORE + key, value));
        return read(new SettingsReader(byKey, System::getenv));
    }

    static JdbcStoreSettings read(SettingsReader settings) {
        String dataSource = settings.find(DATA_SOURCE).orElse(null);
        String url = settings.find(URL).orElse(null);
        if (dataSource != null && url != null) {
            throw DATA_SOURCE.refused(
                    dataSource, "there is 'store.jdbc.url' as well, and only one can be used", "Remove one of the two");
        }
        JdbcStoreSettings read = new JdbcStoreSettings(
                dataSource,
                url,
                settings.find(USERNAME).orElse(null),
                settings.find(PASSWORD).orElse(null),
                settings.get(TABLE),
                settings.find(PLATFORM).orElse(null),
                Math.toIntExact(settings.get(CONNECTIONS)),
                settings.get(INITIALIZE_SCHEMA));
        if (url == null && (read.username != null || read.password != null)) {
            throw (read.username != null ? USERNAME : PASSWORD)
                    .refused(
                            null,
                            "there is no 'store.jdbc.url' that it belongs to; a data source has its own user",
                            "Give store.jdbc.url, or remove this key");
        }
        return read;
    }

    private static String url(SettingText text) {
        if (!URL_PATTERN.matcher(text.text()).matches()) {
            throw text.refused(
                    null, "this is no URL of a database", "Write one such as jdbc:postgresql://localhost:5432/app");
        }
        return text.text();
    }

    private static String withoutDetails(String url) {
        Matcher parts = URL_PATTERN.matcher(url);
        return parts.matches() ? parts.group(1) + ":" + HIDDEN : HIDDEN;
    }

    private static String password(SettingText text) {
        try {
            return Secret.resolve(text.text(), text.environment());
        } catch (IllegalArgumentException e) {
            throw text.refused(
                    null,
                    String.valueOf(e.getMessage()),
                    Secret.placeToFix(text.text()) + " the password of the database's user");
        }
    }

    /** Reports whether a text can name the table: it becomes part of statements. */
    public static boolean isTable(String name) {
        return TABLE_PATTERN.matcher(name).matches();
    }

    private static String table(SettingText text) {
        if (!isTable(text.text())) {
            throw text.refused(
                    "this is no name of letters, digits, '_' and '$'",
                    "Write a name such as captcha_callback, or schema.captcha_callback");
        }
        return text.text();
    }

    /** Returns the values, without the password and the URL. */
    @Override
    public String toString() {
        return "JdbcStoreSettings[dataSource=" + dataSource + ", url=" + (url == null ? null : withoutDetails(url))
                + ", username=" + username + ", password=" + (password == null ? null : HIDDEN) + ", table=" + table
                + ", platform=" + platform + ", connections=" + connections + ", initializeSchema="
                + initializeSchema.name().toLowerCase(Locale.ROOT) + "]";
    }
}
