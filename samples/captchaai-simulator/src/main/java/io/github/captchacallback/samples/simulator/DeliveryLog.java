package io.github.captchacallback.samples.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Remembers the latest deliveries, and lets callers wait for them. */
final class DeliveryLog {

    static final int CAPACITY = 10_000;

    private final Deque<Delivery> deliveries = new ArrayDeque<>();
    private final Consumer<Delivery> observer;

    DeliveryLog(Consumer<Delivery> observer) {
        this.observer = observer;
    }

    void add(Delivery delivery) {
        synchronized (this) {
            if (deliveries.size() == CAPACITY) {
                deliveries.removeFirst();
            }
            deliveries.addLast(delivery);
            notifyAll();
        }
        observer.accept(delivery);
    }

    synchronized List<Delivery> all() {
        return List.copyOf(deliveries);
    }

    synchronized List<Delivery> of(String taskId) {
        return deliveries.stream()
                .filter(delivery -> delivery.taskId().equals(taskId))
                .toList();
    }

    synchronized List<Delivery> await(String taskId, int count, Duration timeout)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (of(taskId).size() < count) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException("Task " + taskId + " has "
                        + of(taskId).size() + " of " + count + " deliveries after " + timeout);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return of(taskId);
    }
}
