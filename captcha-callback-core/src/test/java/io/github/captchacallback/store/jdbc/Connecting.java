package io.github.captchacallback.store.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Hands out connections, as the data source of a test does. */
@FunctionalInterface
interface Connecting {

    Connection connect() throws SQLException;

    static DataSource dataSource(Connecting connecting) {
        return (DataSource) Proxy.newProxyInstance(
                Connecting.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return connecting.connect();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
