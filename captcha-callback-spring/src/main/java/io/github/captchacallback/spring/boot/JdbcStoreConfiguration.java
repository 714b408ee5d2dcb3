package io.github.captchacallback.spring.boot;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.JdbcStoreSettings;
import io.github.captchacallback.settings.StoreSettings;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.jdbc.JdbcCallbackStore;
import io.github.captchacallback.store.jdbc.JdbcPlatform;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Opens the store of {@code store.type=jdbc} on a data source of the application, after the application's own migrations. With
 * {@code store.jdbc.url} there is no such bean: the core opens the store as it does without Spring.
 */
@Configuration(proxyBeanMethods = false)
class JdbcStoreConfiguration {

    private static final String DATA_SOURCE = "store.jdbc.data-source";

    @Bean
    @Conditional(OnJdbcStore.class)
    @ConditionalOnMissingBean(CallbackStore.class)
    @DependsOnDatabaseInitialization
    JdbcCallbackStore captchaCallbackStore(Environment environment, BeanFactory beans) {
        StoreSettings settings =
                CallbackSettings.from(EnvironmentSettings.read(environment)).store();
        JdbcStoreSettings jdbc = settings.jdbc();
        DataSource dataSource = dataSource(beans, jdbc.dataSource());
        if (jdbc.initializeSchema() != JdbcStoreSettings.InitializeSchema.NEVER) {
            boolean always = jdbc.initializeSchema() == JdbcStoreSettings.InitializeSchema.ALWAYS;
            new JdbcStoreTable(dataSource, jdbc.table(), JdbcPlatform.of(jdbc).orElse(null)).create(always);
        }
        return JdbcCallbackStore.builder(dataSource)
                .settings(jdbc)
                .timeout(settings.timeout())
                .capacity(settings.capacity())
                .open();
    }

    private static DataSource dataSource(BeanFactory beans, @Nullable String name) {
        try {
            return name == null ? beans.getBean(DataSource.class) : beans.getBean(name, DataSource.class);
        } catch (NoUniqueBeanDefinitionException e) {
            throw refused(
                    null,
                    "the application has several data sources: " + e.getBeanNamesFound(),
                    "Write the name of the bean that the store is to use, or make one of them the primary one");
        } catch (BeanNotOfRequiredTypeException e) {
            throw refused(name, "the bean of this name is no javax.sql.DataSource", "Write the name of a data source");
        } catch (NoSuchBeanDefinitionException e) {
            if (name != null && !name.equals(e.getBeanName())) {
                throw e;
            }
            throw refused(
                    name,
                    name == null
                            ? "'store.type' is jdbc, and the application has no bean of type javax.sql.DataSource"
                            : "there is no bean of this name",
                    "Set spring.datasource.url and add the database's driver and Boot's starter for JDBC, or define a bean");
        }
    }

    private static CallbackSettingsException refused(@Nullable String value, String problem, String action) {
        return new CallbackSettingsException(DATA_SOURCE, value, problem, action);
    }
}
