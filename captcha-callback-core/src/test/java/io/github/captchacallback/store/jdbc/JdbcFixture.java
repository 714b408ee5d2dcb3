package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.StoreFixture;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Opens two store objects on one table, which is emptied first. The time is moved by moving the entries, so the stores decide by
 * the clock of their database as they do in production.
 */
final class JdbcFixture implements StoreFixture {

    private static final String[] TIMES = {"lease_until", "remembered_until", "expires_at", "accepted_at"};

    private final DataSource direct;
    private final DataSource tested;

    /** Makes a fixture whose own statements do not take the way that is tested. */
    JdbcFixture(DataSource direct, DataSource tested) {
        this.direct = direct;
        this.tested = tested;
    }

    @Override
    public CallbackStore open(long capacity) {
        execute("delete from captcha_callback");
        return store(capacity);
    }

    @Override
    public Optional<CallbackStore> openAnother() {
        return Optional.of(store(1_000_000));
    }

    private CallbackStore store(long capacity) {
        return JdbcCallbackStore.builder(tested)
                .capacity(capacity)
                .timeout(Duration.ofSeconds(30))
                .open();
    }

    @Override
    public void advance(Duration duration) {
        StringBuilder moved = new StringBuilder();
        for (String time : TIMES) {
            moved.append(time).append(" = ").append(time).append(" - ? , ");
        }
        String sql = "update captcha_callback set " + moved
                + "due_at = case when due_at = 9223372036854775807 then due_at else due_at - ? end";
        try (Connection connection = direct.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 1; i <= TIMES.length + 1; i++) {
                statement.setLong(i, duration.toMillis());
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = direct.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The database's clock runs during a test. */
    @Override
    public Duration margin() {
        return Duration.ofSeconds(4);
    }
}
