package io.github.captchacallback.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.JdbcStoreSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Map;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcStoreProviderTest {

    private static final String URL = "jdbc:h2:mem:provider-test";
    private Connection keepsItAlive;

    @BeforeEach
    void newDatabase() throws SQLException {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL(URL);
        keepsItAlive = h2.getConnection();
        Scripts.createTable(h2, JdbcPlatform.H2);
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
    }

    @AfterEach
    void forgetDatabase() throws SQLException {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        keepsItAlive.close();
    }

    private static CaptchaCallbacksBuilder builder(String... settings) {
        CaptchaCallbacksBuilder builder = CaptchaCallbacks.builder()
                .set("public-url", "https://app.example.com/captcha/callback")
                .set("signature.keys.2026-11", "hex:" + "5f".repeat(16) + "c1a0d4e2".repeat(4))
                .set("store.type", "jdbc");
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        return builder;
    }

    /** A directory of names, as a container has one. */
    public static final class Names implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setURL(URL);
            Map<String, Object> names = Map.of("java:comp/env/jdbc/callbacks", h2, "java:comp/env/other", "text");
            return new InitialContext(true) {
                @Override
                public Object lookup(String name) throws NamingException {
                    Object found = names.get(name);
                    if (found == null) {
                        throw new NameNotFoundException(name);
                    }
                    return found;
                }
            };
        }
    }

    @Test
    void openWhenUrlIsGivenThenTheDatabaseIsUsed() {
        try (CaptchaCallbacks first = builder("store.jdbc.url", URL).build();
                CaptchaCallbacks second = builder("store.jdbc.url", URL).build()) {
            String reference = first.issue().reference();
            second.bind(reference, "70123456789");
        }
    }

    @Test
    void openWhenDataSourceIsInJndiThenTheDatabaseIsUsed() {
        try (CaptchaCallbacks callbacks = builder("store.jdbc.data-source", "java:comp/env/jdbc/callbacks")
                .build()) {
            callbacks.bind(callbacks.issue().reference(), "70123456789");
        }
    }

    private static void assertRefused(CaptchaCallbacksBuilder builder, String... parts) {
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(builder::build)
                .satisfies(e -> assertThat(e).hasMessageContainingAll(Arrays.copyOf(parts, parts.length)));
    }

    @Test
    void openWhenNeitherIsGivenThenSaysWhatToWrite() {
        assertRefused(builder(), "captcha.callback.store.jdbc.data-source", "JNDI name", "store.jdbc.url");
    }

    @Test
    void openWhenNameIsNotInJndiThenSaysSo() {
        assertRefused(
                builder("store.jdbc.data-source", "java:comp/env/jdbc/none"),
                "store.jdbc.data-source = 'java:comp/env/jdbc/none'",
                "Define the data source");
        assertRefused(builder("store.jdbc.data-source", "java:comp/env/other"), "no javax.sql.DataSource");
    }

    /** A directory elsewhere may answer with code. */
    @Test
    void openWhenNameLeadsOutOfTheProcessThenRefused() {
        for (String address :
                new String[] {"ldap://evil.example.com/x", "rmi://evil/x", "java:ldap://evil/x", "dns:x"}) {
            assertRefused(builder("store.jdbc.data-source", address), "store.jdbc.data-source", "foreign code");
        }
    }

    @Test
    void openWhenThereIsNoDriverThenSaysSoWithoutTheUrl() {
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> builder("store.jdbc.url", "jdbc:nothing://user:secret@host/db")
                        .build())
                .withMessageContaining("captcha.callback.store.jdbc.url")
                .withMessageContaining("Add the jar")
                .withMessageNotContaining("secret");
    }

    @Test
    void openWhenSettingsContradictOneAnotherThenRefused() {
        assertRefused(
                builder("store.jdbc.url", URL, "store.jdbc.data-source", "java:comp/env/jdbc/callbacks"), "Remove one");
        assertRefused(builder("store.jdbc.username", "app"), "store.jdbc.username", "Give store.jdbc.url");
        assertThatExceptionOfType(CallbackSettingsException.class)
                .isThrownBy(() -> builder("store.jdbc.password", "secret").build())
                .withMessageContaining("store.jdbc.password")
                .withMessageNotContaining("secret");
    }

    @Test
    void passwordWhenInAVariableThenReadFromThereAndNeverShown() {
        String variable = System.getenv().keySet().stream()
                .filter(name -> name.matches("[A-Z_]+") && !System.getenv(name).isBlank())
                .findFirst()
                .orElseThrow();
        JdbcStoreSettings settings = JdbcStoreSettings.from(
                Map.of("jdbc.url", "jdbc:h2:mem:x;PASSWORD=hidden", "jdbc.password", "env:" + variable));
        assertThat(settings.password()).isEqualTo(System.getenv(variable).strip());
        assertThat(settings.toString()).doesNotContain("hidden").contains("password=***", "url=jdbc:h2:***");
    }

    @Test
    void urlWhenShownInThePolicyThenHidden() {
        try (CaptchaCallbacks callbacks = builder(
                        "store.jdbc.url", URL + ";TRACE_LEVEL_FILE=0", "store.jdbc.password", "")
                .build()) {
            assertThat(callbacks.settings().policy().toString())
                    .contains("jdbc:h2:***")
                    .doesNotContain("TRACE_LEVEL");
            assertThat(callbacks.settings().toString()).doesNotContain("TRACE_LEVEL");
        }
    }

    @Test
    void platformThenEveryChoiceIsOne() {
        for (JdbcPlatform platform : JdbcPlatform.values()) {
            assertThat(JdbcStoreSettings.from(Map.of("jdbc.platform", platform.id()))
                            .platform())
                    .isEqualTo(platform.id());
        }
    }
}
