package io.github.captchacallback.samples.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TasksTest {

    private static final Order ORDER = new Order(null, Duration.ZERO, Outcome.SOLVED, "c");

    private final Tasks tasks = new Tasks();

    @Test
    void addWhenFullThenDropsTheOldest() {
        Task oldest = tasks.add(ORDER);
        Task second = tasks.add(ORDER);
        for (int i = 2; i < Tasks.CAPACITY; i++) {
            tasks.add(ORDER);
        }
        assertThat(tasks.find(oldest.id())).contains(oldest);

        Task newest = tasks.add(ORDER);

        assertThat(tasks.find(oldest.id())).isEmpty();
        assertThat(tasks.find(second.id())).contains(second);
        assertThat(tasks.find(newest.id())).contains(newest);
    }
}
