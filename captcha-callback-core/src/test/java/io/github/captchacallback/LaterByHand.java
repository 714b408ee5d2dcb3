package io.github.captchacallback;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs what was put off when a test says so, and moves the clock to when that is. */
final class LaterByHand implements Later {

    private record Task(Duration delay, Runnable work) {}

    private final MutableClock clock;
    private final List<Task> tasks = new ArrayList<>();

    LaterByHand(MutableClock clock) {
        this.clock = clock;
    }

    @Override
    public void run(Duration delay, Runnable task) {
        tasks.add(new Task(delay, task));
    }

    /** Returns the delays of what waits. */
    List<Duration> delays() {
        return tasks.stream().map(Task::delay).toList();
    }

    /** Runs the first task that waits, at its time. */
    void runNext() {
        Task next = tasks.remove(0);
        clock.advance(next.delay());
        next.work().run();
    }
}
