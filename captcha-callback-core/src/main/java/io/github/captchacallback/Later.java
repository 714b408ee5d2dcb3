package io.github.captchacallback;

import java.time.Duration;

/** Runs tasks that nobody waits for. */
@FunctionalInterface
interface Later {

    /** Runs a task after a delay, unless what it belongs to is closed before. */
    void run(Duration delay, Runnable task);
}
