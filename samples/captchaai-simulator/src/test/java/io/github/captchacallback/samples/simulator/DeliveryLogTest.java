package io.github.captchacallback.samples.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryLogTest {

    private final List<Delivery> observed = new ArrayList<>();
    private final DeliveryLog log = new DeliveryLog(observed::add);

    private static Delivery delivery(int taskId) {
        return new Delivery(Integer.toString(taskId), "GET", URI.create("http://localhost/"), 200, "OK");
    }

    @Test
    void addWhenFullThenDropsTheOldest() {
        for (int i = 0; i <= DeliveryLog.CAPACITY; i++) {
            log.add(delivery(i));
        }

        assertThat(log.all())
                .hasSize(DeliveryLog.CAPACITY)
                .startsWith(delivery(1))
                .endsWith(delivery(10_000));
        assertThat(log.of("0")).isEmpty();
    }

    @Test
    void addThenTellsTheObserver() {
        log.add(delivery(1));

        assertThat(observed).containsExactly(delivery(1));
    }
}
