package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.JdbcStoreSettings;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.StoreContext;
import java.util.regex.Pattern;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Finds the database that the settings name. */
final class ConfiguredDatabase {

    private static final String DATA_SOURCE = "store.jdbc.data-source";
    private static final Pattern LOCAL = Pattern.compile("java:[^:]+");

    private ConfiguredDatabase() {}

    static CallbackStore open(StoreContext context) {
        JdbcStoreSettings settings = JdbcStoreSettings.from(context.settings());
        return JdbcCallbackStore.builder(dataSource(settings))
                .settings(settings)
                .timeout(context.timeout())
                .capacity(context.capacity())
                .open();
    }

    private static DataSource dataSource(JdbcStoreSettings settings) {
        if (settings.url() != null) {
            return new DriverDataSource(settings.url(), settings.username(), settings.password());
        }
        String name = settings.dataSource();
        if (name == null) {
            throw new CallbackSettingsException(
                    DATA_SOURCE,
                    null,
                    "it is not set, and 'store.type' is jdbc",
                    "Write the JNDI name of a data source, such as java:comp/env/jdbc/callbacks. Without a pool, write"
                            + " store.jdbc.url, .username and .password instead");
        }
        return lookUp(name);
    }

    @SuppressWarnings("BanJNDI") // The name is the operator's, and leads to nothing outside this process.
    private static DataSource lookUp(String name) {
        if (name.contains(":") && !LOCAL.matcher(name).matches()) {
            throw new CallbackSettingsException(
                    DATA_SOURCE,
                    null,
                    "this is the address of a directory, which may answer with foreign code",
                    "Write a name of this container, such as java:comp/env/jdbc/callbacks");
        }
        Object found;
        try {
            // Read-only names of a web application are bound to its threads, so this is done by the thread that starts
            // it.
            found = new InitialContext().lookup(name);
        } catch (NamingException e) {
            throw new CallbackSettingsException(
                    DATA_SOURCE,
                    name,
                    "there is nothing under this name in JNDI (" + e.getClass().getSimpleName() + ")",
                    "Define the data source in the container, and write its name, usually java:comp/env/jdbc/…");
        }
        if (found instanceof DataSource dataSource) {
            return dataSource;
        }
        throw new CallbackSettingsException(
                DATA_SOURCE,
                name,
                "what is under this name in JNDI is no javax.sql.DataSource",
                "Write the name of a data source");
    }
}
