package io.github.captchacallback.benchmarks.load;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.mortbay.jetty.load.generator.LoadGenerator;
import org.mortbay.jetty.load.generator.Resource;

/**
 * Sends requests over connections that stay open, by Jetty's load generator, which needs nothing installed and sends at a
 * rate without waiting for answers: a server that stalls is measured by all that come meanwhile, and not by the one that
 * waits for it.
 */
final class Load {

    private static final int CONNECTIONS = 16;

    private Load() {}

    /** Sends so many a second, however long the answers take. */
    static Histogram at(int requestsPerSecond, Variant variant, int port, List<String> targets) {
        return send(new Targets(variant, targets, targets.size()), targets.size(), port, requestsPerSecond);
    }

    /** Sends as fast as answers come, one at a time over each connection. */
    static Histogram full(Variant variant, int port, List<String> targets) {
        return send(new Targets(variant, targets, CONNECTIONS), targets.size(), port, 0);
    }

    private static Histogram send(Targets targets, int requests, int port, int requestsPerSecond) {
        LoadGenerator.builder()
                .host("127.0.0.1")
                .port(port)
                .channelsPerUser(CONNECTIONS)
                .resourceRate(requestsPerSecond)
                .iterationsPerThread(requests)
                .resource(targets)
                .resourceListener(targets)
                .build()
                .begin()
                .join();
        return targets.answered(requests);
    }

    /** Has the next target for each request, waits with it while enough are on their way, and looks at every answer. */
    private static final class Targets extends Resource implements Resource.NodeListener {

        private static final long NANOS_PER_MICRO = 1000;
        private static final long LONGEST_MICROS = 60_000_000;

        private final Variant variant;
        private final Iterator<String> targets;
        private final Semaphore free;
        private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
        private final AtomicReference<@Nullable String> surprise = new AtomicReference<>();
        private String path = "/";

        Targets(Variant variant, List<String> targets, int atOnce) {
            this.variant = variant;
            this.targets = targets.iterator();
            free = new Semaphore(atOnce);
        }

        /** Goes on to the next target: the generator asks this at the beginning of each request, and once. */
        @Override
        public int descendantCount() {
            free.acquireUninterruptibly();
            path = targets.next();
            return super.descendantCount();
        }

        @Override
        public String getPath() {
            return path;
        }

        @Override
        public void onResourceNode(Info info) {
            if (info.getStatus() != variant.status()) {
                surprise.compareAndSet(
                        null, info.getFailure() == null ? "status " + info.getStatus() : "" + info.getFailure());
            }
            micros.recordValue(
                    Math.min(LONGEST_MICROS, (info.getResponseTime() - info.getRequestTime()) / NANOS_PER_MICRO));
            free.release();
        }

        Histogram answered(int requests) {
            if (surprise.get() != null || micros.getTotalCount() != requests) {
                throw new IllegalStateException("%s: of %,d requests %,d were answered, one with %s where %d was due"
                        .formatted(
                                variant.label(), requests, micros.getTotalCount(), surprise.get(), variant.status()));
            }
            return micros;
        }
    }
}
