package io.github.captchacallback.samples.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CourierTest {

    private final CallbackReceiver receiver = new CallbackReceiver();
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final Courier courier = new Courier(deliveries::add, Duration.ofMillis(200));

    @AfterEach
    void close() {
        courier.close();
        receiver.close();
    }

    private Task task(DeliveryMode mode, Duration delay) throws RefusedException {
        CallbackUrl url = CallbackUrl.parse(receiver.url("/cb?token=t"));
        return new Task("1", new Order(new Pingback(url, mode, PingbackMethod.GET), delay, Outcome.SOLVED, "c"), 0);
    }

    @Test
    void deliverWhenNoAnswerComesInTimeThenRecordsThat() throws Exception {
        receiver.answersWith(200, new CompletableFuture<>());

        courier.deliver(task(DeliveryMode.TWICE, Duration.ZERO));

        assertThat(deliveries).hasSize(2).allSatisfy(delivery -> {
            assertThat(delivery.answered()).isFalse();
            assertThat(delivery.body()).isEqualTo("no answer within PT0.2S");
        });
    }

    @Test
    void isFullWhenTenThousandDeliveriesWaitThenIsTrue() throws Exception {
        Task task = task(DeliveryMode.NORMAL, Duration.ofHours(1));
        for (int i = 0; i < 9_999; i++) {
            courier.deliverLater(task);
        }
        assertThat(courier.isFull()).isFalse();

        courier.deliverLater(task);

        assertThat(courier.isFull()).isTrue();
    }

    @Test
    void deliverLaterWhenNeverIsAskedThenWaitsForNothing() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            courier.deliverLater(task(DeliveryMode.NEVER, Duration.ofHours(1)));
        }

        assertThat(courier.isFull()).isFalse();
    }
}
