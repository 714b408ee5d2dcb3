package io.github.captchacallback.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs statements on a connection of the store's own, each as a transaction of its own: what one has written is seen by all
 * others when it returns, and what it reads is of that moment. Used by one thread.
 */
final class Session implements AutoCloseable {

    private final Connection connection;
    private final Dialect dialect;

    /** Pools can be set to hand out connections that do not commit by themselves. */
    private final boolean mustCommit;

    private final int level;
    private boolean lowered;

    private Session(Connection connection, Dialect dialect, int level) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.level = level;
        this.mustCommit = !connection.getAutoCommit();
    }

    /**
     * Makes a session on a connection that was just taken from its data source.
     *
     * @param level the isolation level that the data source's connections have
     */
    static Session on(Connection connection, Dialect dialect, int level) throws SQLException {
        return new Session(connection, dialect, level);
    }

    /** Sets READ COMMITTED if statements of this kind need it, until the session is closed. */
    void prepareFor(boolean byKey) throws SQLException {
        if (dialect.mustLower(level, byKey)) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            lowered = true;
        }
    }

    /** Changes rows, and returns how many. */
    int update(Sql sql, Sql.Values values) throws SQLException {
        return transaction(sql, values, PreparedStatement::executeUpdate);
    }

    /** Inserts a row, and reports false if there is one of its key. */
    boolean insert(Sql sql, Sql.Values values) throws SQLException {
        try {
            return update(sql, values) == 1;
        } catch (SQLException e) {
            if (dialect.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Reads rows. */
    <T> List<T> select(Sql sql, Sql.Values values, Reader<T> reader) throws SQLException {
        return transaction(sql, values, statement -> {
            List<T> read = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    read.add(reader.read(rows));
                }
            }
            return read;
        });
    }

    private <T> T transaction(Sql sql, Sql.Values values, Execution<T> execution) throws SQLException {
        try (PreparedStatement statement = sql.prepare(connection, values)) {
            T result = execution.of(statement);
            if (mustCommit) {
                end(connection::commit);
            }
            return result;
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    /**
     * Ends a transaction.
     *
     * @throws io.github.captchacallback.settings.CallbackSettingsException if a container does not allow that
     */
    static void end(Ending ending) throws SQLException {
        try {
            ending.run();
        } catch (SQLException e) {
            if (Failures.isForbidden(e)) {
                throw Failures.forbidden(e);
            }
            throw e;
        }
    }

    private void rollBack(Exception failure) {
        if (mustCommit) {
            try {
                connection.rollback();
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Gives the connection the level back that it had. It is not closed. */
    @Override
    public void close() throws SQLException {
        if (lowered) {
            connection.setTransactionIsolation(level);
        }
    }

    /** Reads one row. */
    interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /** Commits or rolls back. */
    interface Ending {
        void run() throws SQLException;
    }

    private interface Execution<T> {
        T of(PreparedStatement statement) throws SQLException;
    }
}
