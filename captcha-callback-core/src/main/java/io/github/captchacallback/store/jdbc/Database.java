package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.store.CallbackStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of the store on a few threads of its own, and lets no caller wait longer than the timeout. Safe for use by
 * several threads.
 *
 * <p>The threads of its own do three things. A step is never part of the caller's transaction, since both Spring and a
 * container bind that to the thread. The number of threads bounds the connections that the store uses at once, so that a flood
 * of callbacks leaves the rest of a shared pool to the application. And a caller returns in time, whatever a pool or a driver
 * waits for.
 *
 * <p>A step whose answer was lost is run once more, on another connection, within the same timeout. So every step has to
 * recognize what it has done before.
 */
final class Database implements AutoCloseable {

    private static final Duration IDLE = Duration.ofMinutes(1);

    /** How often a statement is run that was in another's way. */
    private static final int TRIES = 3;

    private static final int LONGEST_PAUSE_MILLIS = 40;

    private final DataSource dataSource;
    private final Duration timeout;
    private final @Nullable JdbcPlatform platform;
    private final String table;
    private final ThreadPoolExecutor threads;
    private volatile @Nullable Properties properties;

    /** What was learned from the first connection. */
    private record Properties(Statements statements, int isolationLevel) {}

    Database(DataSource dataSource, String table, @Nullable JdbcPlatform platform, Duration timeout, int connections) {
        this.dataSource = dataSource;
        this.table = table;
        this.platform = platform;
        this.timeout = timeout;
        threads = new ThreadPoolExecutor(
                connections,
                connections,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                // No more tasks wait than there are callers, and each of them waits no longer than the timeout.
                new LinkedBlockingQueue<>(),
                threadNames("captcha-callback-jdbc-"));
        threads.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory threadNames(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> daemon(task, prefix + number.incrementAndGet());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        // The thread that happens to come first may belong to another application of the container.
        thread.setContextClassLoader(Database.class.getClassLoader());
        return thread;
    }

    /** A step of the store: statements on one connection. */
    interface Step<T> {

        /**
         * Runs the statements.
         *
         * @param again whether the step was run before, and nobody knows whether it has changed anything
         */
        T run(Session session, Statements statements, boolean again) throws SQLException;
    }

    /** Runs a step that touches one row by its key. */
    <T> T run(Step<T> step) {
        return run(step, true);
    }

    /** Runs a step that touches many rows. */
    <T> T runOverRange(Step<T> step) {
        return run(step, false);
    }

    private <T> T run(Step<T> step, boolean byKey) {
        long end = System.nanoTime() + timeout.toNanos();
        Attempt<T> first = start(new Attempt<>(new Work<>(step, byKey, false, end)));
        try {
            return first.get(timeout.toNanos() / 2, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // What waits for a thread or a connection has asked the database nothing yet: it keeps its turn.
            if (!first.work.isAsking()) {
                return last(first, end);
            }
            first.giveUp();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof SQLException cause && Failures.isUnclear(cause))) {
                throw failure(e.getCause());
            }
        } catch (InterruptedException e) {
            throw interrupted(first);
        }
        return last(start(new Attempt<>(new Work<>(step, byKey, true, end))), end);
    }

    private <T> T last(Attempt<T> attempt, long end) {
        try {
            return attempt.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            attempt.giveUp();
            throw new CallbackStoreException("The database of the callback store did not answer within "
                    + timeout.toMillis() + " ms (store.timeout), while it was "
                    + (attempt.work.isAsking()
                            ? "running a statement"
                            : "waiting for a connection: the database is unavailable, or the pool is used up"));
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(attempt);
        }
    }

    private <T> Attempt<T> start(Attempt<T> attempt) {
        try {
            threads.execute(attempt);
            return attempt;
        } catch (RejectedExecutionException e) {
            throw new CallbackStoreException("The callback store is closed", e);
        }
    }

    private static CallbackStoreException interrupted(Attempt<?> attempt) {
        attempt.giveUp();
        Thread.currentThread().interrupt();
        return new CallbackStoreException(
                "The thread was interrupted while it waited for the callback store's database");
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof SQLException e) {
            return Failures.unavailable(e);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException e
                ? e
                : new CallbackStoreException("The thread of the callback store was ended: the store is closed");
    }

    /** Waits for no running step. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** A step that a thread runs, and that its caller can give up. */
    private final class Attempt<T> extends FutureTask<T> {

        private final Work<T> work;

        Attempt(Work<T> work) {
            super(work);
            this.work = work;
        }

        /** Frees the thread that runs it, and does not wait for that: a driver may do so by another connection. */
        void giveUp() {
            cancel(true);
            threads.remove(this);
            if (work.isAsking()) {
                daemon(work::abort, "captcha-callback-jdbc-abort").start();
            }
        }
    }

    /** Takes a connection, runs a step on it, and repeats a statement that was in another's way. */
    private final class Work<T> implements Callable<T> {

        private final Step<T> step;
        private final boolean byKey;
        private final boolean again;
        private final long end;
        private @Nullable Connection inUse;

        Work(Step<T> step, boolean byKey, boolean again, long end) {
            this.step = step;
            this.byKey = byKey;
            this.again = again;
            this.end = end;
        }

        @Override
        public T call() throws SQLException, InterruptedException {
            Connection connection = dataSource.getConnection();
            try {
                setInUse(connection);
                Properties known = properties(connection);
                try (Session session = Session.on(connection, known.statements.dialect(), known.isolationLevel)) {
                    session.prepareFor(byKey);
                    return repeated(session, known.statements);
                }
            } finally {
                setInUse(null);
                connection.close();
            }
        }

        private T repeated(Session session, Statements statements) throws SQLException, InterruptedException {
            for (int tries = 1; ; tries++) {
                try {
                    return step.run(session, statements, again);
                } catch (SQLException e) {
                    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (tries == TRIES
                            || left <= LONGEST_PAUSE_MILLIS
                            || !statements.dialect().isTransient(e)) {
                        throw e;
                    }
                }
                // Those who were in each other's way do not come back at the same moment.
                Thread.sleep(ThreadLocalRandom.current().nextInt(1, LONGEST_PAUSE_MILLIS));
            }
        }

        private synchronized void setInUse(@Nullable Connection connection) {
            inUse = connection;
        }

        /** Reports whether it has a connection, so that the database may have been asked. */
        synchronized boolean isAsking() {
            return inUse != null;
        }

        /** Ends the connection that a driver waits on, unless it was given back. */
        synchronized void abort() {
            if (inUse != null) {
                try {
                    inUse.abort(Runnable::run);
                } catch (SQLException e) {
                    // The driver's own timeout, or that of TCP, ends the wait.
                }
            }
        }
    }

    /** Finds out, once, what the connections lead to and how they are set. Asking each of them would cost a round trip. */
    private Properties properties(Connection connection) throws SQLException {
        Properties known = properties;
        if (known == null) {
            JdbcPlatform detected = platform != null
                    ? platform
                    : JdbcPlatform.of(connection.getMetaData()).orElseThrow(() -> Failures.noPlatform(connection));
            known = new Properties(new Statements(detected, table), connection.getTransactionIsolation());
            if (!connection.getAutoCommit()) {
                Session.end(connection::rollback);
            }
            properties = known;
        }
        return known;
    }
}
