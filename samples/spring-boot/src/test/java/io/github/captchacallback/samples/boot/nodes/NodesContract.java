package io.github.captchacallback.samples.boot.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.captchacallback.FreePort;
import io.github.captchacallback.samples.boot.nodes.Service.Answered;
import io.github.captchacallback.samples.boot.nodes.Service.Task;
import io.github.captchacallback.samples.simulator.CaptchaSimulator;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests what three nodes behind a load balancer promise that share one store, whichever process dies. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class NodesContract {

    private static final int NODES = 3;
    private static final int TASKS = 150;
    private static final int SENDERS = 16;

    private final List<NodeProcess> nodes = new ArrayList<>();
    private CaptchaSimulator simulator;
    private LoadBalancer balancer;
    private Service service;

    /** Returns the settings that make a node use the store. */
    abstract List<String> store() throws Exception;

    /** Ends the store's server as {@code kill -9} does, and starts it again. */
    abstract void restartStore() throws Exception;

    @BeforeAll
    static void needHaproxy() {
        assumeTrue(LoadBalancer.program().isPresent(), "HAProxy is not installed, so nodes behind it are not tested");
    }

    @BeforeEach
    void startNodes() throws Exception {
        simulator = CaptchaSimulator.start(0);
        int port = FreePort.find();
        List<String> settings = new ArrayList<>(List.of(
                "demo.service-url=" + simulator.baseUri(),
                "captcha.callback.public-url=http://127.0.0.1:" + port + "/captcha/callback",
                "captcha.callback.signature.keys.k1=a-secret-that-all-three-nodes-share-1234",
                "captcha.callback.replay.lease=3s",
                "captcha.callback.store.timeout=1s"));
        settings.addAll(store());
        // The first one creates what the store needs before the others look for it.
        nodes.add(NodeProcess.launch(settings).awaitStart());
        for (int i = 1; i < NODES; i++) {
            nodes.add(NodeProcess.launch(settings));
        }
        nodes.forEach(NodeProcess::awaitStart);
        balancer = LoadBalancer.start(port, nodes);
        service = new Service(URI.create("http://127.0.0.1:" + port));
    }

    @AfterEach
    void endNodes() throws Exception {
        if (balancer != null) {
            balancer.close();
        }
        for (NodeProcess node : nodes) {
            node.close();
        }
        simulator.close();
    }

    @Test
    void callbackWhenItComesEightyTimesAtOnceToThreeNodesThenOneGetsThrough() throws Exception {
        for (int i = 0; i < 5; i++) {
            List<Integer> statuses = service.callAtOnce(service.submit(), 80);

            assertThat(statuses).containsOnly(200, 409);
            assertThat(Collections.frequency(statuses, 200)).isEqualTo(1);
        }
    }

    @Test
    void callbackWhenANodeIsKilledUnderLoadThenNothingIsLostOrDoubled() throws Exception {
        assertEachIsTakenOnce(() -> nodes.get(1).kill());
    }

    @Test
    void callbackWhenTheStoreIsKilledUnderLoadThenNothingIsLostOrDoubled() throws Exception {
        assertEachIsTakenOnce(this::restartStore);
    }

    private interface Disaster {
        void strike() throws Exception;
    }

    /** Sends callbacks, has something die when a third was taken, and asserts that each was accepted exactly once. */
    private void assertEachIsTakenOnce(Disaster disaster) throws Exception {
        List<Task> tasks = service.submit(TASKS);
        AtomicInteger taken = new AtomicInteger();
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS + 1);
        try {
            List<Callable<Answered>> calls = new ArrayList<>();
            for (Task task : tasks) {
                calls.add(() -> {
                    Answered answered = service.callUntilTaken(task);
                    taken.incrementAndGet();
                    return answered;
                });
            }
            Future<?> dying = senders.submit(() -> {
                while (taken.get() < TASKS / 3) {
                    Thread.onSpinWait();
                }
                disaster.strike();
                return null;
            });
            List<Answered> answered = new ArrayList<>();
            for (Future<Answered> each : senders.invokeAll(calls)) {
                answered.add(each.get());
            }
            dying.get();
            // Of two answers 200 one may have been lost with the node; a second one must not be given.
            assertThat(answered).allSatisfy(each -> assertThat(each.accepted()).isLessThanOrEqualTo(1));
            assertThat(answered.stream().mapToInt(Answered::accepted).sum()).isGreaterThan(TASKS - 2 * SENDERS);
        } finally {
            senders.shutdownNow();
        }
    }
}
