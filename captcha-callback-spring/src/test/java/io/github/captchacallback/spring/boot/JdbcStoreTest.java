package io.github.captchacallback.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.jdbc.JdbcCallbackStore;
import io.github.captchacallback.store.jdbc.JdbcPlatform;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests which database an application's callbacks are remembered in, and how its start fails. */
@Tag("thorough")
class JdbcStoreTest {

    private static final Duration KEEP = Duration.ofMinutes(10);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withUserConfiguration(Application.class)
            .withPropertyValues(
                    "captcha.callback.public-url=https://your-server.com/captcha/callback",
                    "captcha.callback.signature.keys.test=a-secret-of-the-tests-that-nobody-prints",
                    "captcha.callback.store.type=jdbc");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private static DataSource newDatabase() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:boot-" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
        return h2;
    }

    @Configuration(proxyBeanMethods = false)
    static class OneDatabase {
        @Bean
        DataSource database() {
            return newDatabase();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AnotherDatabase {
        @Bean
        DataSource another() {
            return newDatabase();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrimaryDatabase {
        @Bean
        @Primary
        DataSource primary() {
            return newDatabase();
        }
    }

    private static boolean hasTable(DataSource dataSource, String table) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select count(*) from " + table);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    @Test
    void storeWhenThereIsOneDataSourceThenItsTableIsCreatedAndUsed() {
        runner.withUserConfiguration(OneDatabase.class).run(context -> {
            assertThat(context).hasSingleBean(JdbcCallbackStore.class);
            CaptchaCallbacks callbacks = context.getBean(CaptchaCallbacks.class);
            callbacks.bind(callbacks.issue().reference(), "70123456789");
            try (Connection connection = context.getBean(DataSource.class).getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select task_id from captcha_callback")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("70123456789");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"OneDatabase, AnotherDatabase, another, another", "OneDatabase, PrimaryDatabase, '', primary"})
    void storeWhenThereAreSeveralThenTheNamedOrThePrimaryOneIsUsed(
            String first, String second, String name, String expected) throws ClassNotFoundException {
        runner.withUserConfiguration(type(first), type(second))
                .withPropertyValues("captcha.callback.store.jdbc.data-source=" + name)
                .run(context -> {
                    assertThat(hasTable(context.getBean(expected, DataSource.class), "captcha_callback"))
                            .isTrue();
                    assertThat(hasTable(context.getBean("database", DataSource.class), "captcha_callback"))
                            .isFalse();
                });
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(JdbcStoreTest.class.getName() + "$" + name);
    }

    @Test
    void storeWhenTableHasAnotherNameThenCreatedUnderThat() {
        runner.withUserConfiguration(OneDatabase.class)
                .withPropertyValues("captcha.callback.store.jdbc.table=public.used_callbacks")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(hasTable(context.getBean(DataSource.class), "public.used_callbacks"))
                            .isTrue();
                });
    }

    @Test
    void storeWhenTableExistsThenItIsLeftAsItIs() {
        DataSource migrated = newDatabase();
        try (Connection connection = migrated.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : JdbcPlatform.H2
                    .readSchemaScript()
                    .replaceAll("(?m)^--.*$", "")
                    .split(";", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
            statement.execute("alter table captcha_callback add column note varchar(10)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        runner.withBean(DataSource.class, () -> migrated)
                .withPropertyValues("captcha.callback.store.jdbc.initialize-schema=always")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(hasTable(migrated, "captcha_callback where note is null"))
                            .isTrue();
                });
    }

    @Test
    void storeWhenTableIsNotToBeCreatedThenStartStopsAndNamesTheScript() {
        runner.withUserConfiguration(OneDatabase.class)
                .withPropertyValues("captcha.callback.store.jdbc.initialize-schema=never")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CallbackSettingsException.class)
                        .hasMessageContainingAll("captcha.callback.store.jdbc.table", "schema-h2.sql"));
    }

    @Test
    void storeWhenThereIsNoDataSourceThenStartStopsAndSaysWhatToSet() {
        runner.withPropertyValues("spring.autoconfigure.exclude=" + DataSourceAutoConfiguration.class.getName())
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CallbackSettingsException.class)
                        .hasMessageContainingAll("captcha.callback.store.jdbc.data-source", "spring.datasource.url"));
    }

    @Test
    void storeWhenThereAreSeveralDataSourcesThenStartStopsAndNamesThem() {
        runner.withUserConfiguration(OneDatabase.class, AnotherDatabase.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CallbackSettingsException.class)
                        .hasMessageContainingAll("store.jdbc.data-source", "database", "another"));
    }

    @Test
    void storeWhenTheNameIsOfNoDataSourceThenStartStops() {
        runner.withUserConfiguration(OneDatabase.class)
                .withPropertyValues("captcha.callback.store.jdbc.data-source=application")
                .withBean("application", String.class, () -> "text")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("no javax.sql.DataSource"));
        runner.withUserConfiguration(OneDatabase.class)
                .withPropertyValues("captcha.callback.store.jdbc.data-source=missing")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("'missing': there is no bean of this name"));
    }

    @Test
    void storeWhenUrlIsGivenThenTheCoreOpensIt() {
        String url = "jdbc:h2:mem:boot-url;DB_CLOSE_DELAY=-1;INIT=runscript from 'classpath:"
                + JdbcPlatform.H2.schemaScript() + "'";
        runner.withPropertyValues("captcha.callback.store.jdbc.url=" + url).run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(CallbackStore.class);
            assertThat(context.getBean(CaptchaCallbacks.class).issue().reference())
                    .isNotBlank();
        });
    }

    @Test
    void storeWhenTheApplicationHasItsOwnThenThatIsUsed() {
        runner.withUserConfiguration(OneDatabase.class)
                .withBean(CallbackStore.class, () -> new CaffeineCallbackStore(InstantSource.system(), 10))
                .run(context -> assertThat(context).doesNotHaveBean(JdbcCallbackStore.class));
    }

    @Test
    void storeWhenTypeIsAnotherThenNoDatabaseIsTouched() {
        runner.withUserConfiguration(OneDatabase.class)
                .withPropertyValues("captcha.callback.store.type=caffeine")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(JdbcCallbackStore.class);
                    assertThat(hasTable(context.getBean(DataSource.class), "captcha_callback"))
                            .isFalse();
                });
    }

    /** The proxy gives everyone on the caller's thread the connection of its transaction. */
    @Test
    void stepsWhenTheCallersTransactionIsRolledBackThenTheyRemain() {
        DataSource transactional = new TransactionAwareDataSourceProxy(newDatabase());
        runner.withBean(DataSource.class, () -> transactional).run(context -> {
            CallbackStore store = context.getBean(JdbcCallbackStore.class);
            JdbcTemplate application = new JdbcTemplate(transactional);
            application.execute("create table orders (id int)");
            new TransactionTemplate(new DataSourceTransactionManager(transactional)).executeWithoutResult(status -> {
                application.update("insert into orders values (1)");
                store.expect("expected", null, KEEP);
                store.expect("claimed", null, KEEP);
                assertThat(store.claim(request("claimed", 1))).isInstanceOf(ClaimOutcome.Claimed.class);
                assertThat(CompletableFuture.supplyAsync(() -> store.claim(request("expected", 2)))
                                .join())
                        .as("a callback that arrives before the commit")
                        .isInstanceOf(ClaimOutcome.Claimed.class);
                status.setRollbackOnly();
            });
            assertThat(application.queryForObject("select count(*) from orders", Long.class))
                    .as("the application's own work is rolled back")
                    .isZero();
            assertThat(store.claim(request("claimed", 3))).isInstanceOf(ClaimOutcome.InProgress.class);
            assertThat(store.claim(request("expected", 4))).isInstanceOf(ClaimOutcome.InProgress.class);
        });
    }

    private static ClaimRequest request(String key, long lease) {
        return new ClaimRequest(key, "70123456789", "fingerprint", lease, Duration.ofSeconds(30), KEEP);
    }

    /** What creates the application's tables comes first; in Boot that is Flyway, Liquibase or schema.sql. */
    @Test
    void storeThenWaitsForTheApplicationsMigrations() {
        runner.withUserConfiguration(OneDatabase.class)
                .run(context -> assertThat(context.getBeanFactory()
                                .findAnnotationOnBean("captchaCallbackStore", DependsOnDatabaseInitialization.class))
                        .isNotNull());
    }
}
