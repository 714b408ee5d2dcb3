package io.github.captchacallback;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Lets several threads do something at the same moment. */
public final class Race {

    private static final long TIMEOUT_SECONDS = 30;

    private Race() {}

    /** Returns what each of so many threads has got from the same call. */
    public static <T> List<T> run(int threads, Callable<T> runner) throws Exception {
        return run(Collections.nCopies(threads, runner));
    }

    /** Runs each call on a thread of its own, and returns what they got, in their order. */
    public static <T> List<T> run(List<? extends Callable<T>> runners) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(runners.size());
        try {
            CyclicBarrier start = new CyclicBarrier(runners.size());
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> runner : runners) {
                futures.add(threads.submit(() -> {
                    start.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                    return runner.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("A runner failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
