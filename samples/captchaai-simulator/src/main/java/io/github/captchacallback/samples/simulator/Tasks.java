package io.github.captchacallback.samples.simulator;

import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers the latest tasks by their ids. */
final class Tasks {

    static final int CAPACITY = 10_000;

    private static final long FIRST_ID = 100_000_000_000_000L;
    private static final long AFTER_LAST_ID = 10 * FIRST_ID;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Task> tasks = new LinkedHashMap<>();

    synchronized Task add(Order order) {
        Task task;
        do {
            String id = Long.toString(random.nextLong(FIRST_ID, AFTER_LAST_ID));
            task = new Task(id, order, System.nanoTime() + order.delay().toNanos());
        } while (tasks.putIfAbsent(task.id(), task) != null);
        if (tasks.size() > CAPACITY) {
            tasks.remove(tasks.keySet().iterator().next());
        }
        return task;
    }

    synchronized Optional<Task> find(String id) {
        return Optional.ofNullable(tasks.get(id));
    }
}
