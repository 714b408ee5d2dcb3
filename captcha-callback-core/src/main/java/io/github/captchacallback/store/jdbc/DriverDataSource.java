package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.settings.CallbackSettingsException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Iterator;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection for each use, for an application that has no data source. It finds the driver in the application itself:
 * {@link java.sql.DriverManager} shows a web application only those of the container.
 */
final class DriverDataSource implements DataSource {

    private final String url;
    private final Driver driver;
    private final Properties login = new Properties();

    /**
     * Finds the driver.
     *
     * @throws CallbackSettingsException if there is none for this URL
     */
    DriverDataSource(String url, @Nullable String username, @Nullable String password) {
        this.url = url;
        if (username != null) {
            login.setProperty("user", username);
        }
        if (password != null) {
            login.setProperty("password", password);
        }
        Driver found = find(url, ServiceLoader.load(Driver.class));
        driver = found != null
                ? found
                : require(find(url, ServiceLoader.load(Driver.class, getClass().getClassLoader())));
    }

    private static Driver require(@Nullable Driver found) {
        if (found == null) {
            throw new CallbackSettingsException(
                    "store.jdbc.url",
                    null,
                    "no driver on the class path accepts this URL",
                    "Add the jar of the database's JDBC driver, and check what follows 'jdbc:'");
        }
        return found;
    }

    private static @Nullable Driver find(String url, ServiceLoader<Driver> drivers) {
        Iterator<Driver> each = drivers.iterator();
        while (true) {
            try {
                if (!each.hasNext()) {
                    return null;
                }
                Driver driver = each.next();
                if (driver.acceptsURL(url)) {
                    return driver;
                }
            } catch (ServiceConfigurationError | SQLException e) {
                // Another driver may be the right one.
            }
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = driver.connect(url, login);
        if (connection == null) {
            throw new SQLNonTransientConnectionException("The driver does not accept the URL", "08001");
        }
        return connection;
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("This wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }

    /** Returns nothing of the URL, which may contain a password. */
    @Override
    public String toString() {
        return "DriverDataSource";
    }
}
