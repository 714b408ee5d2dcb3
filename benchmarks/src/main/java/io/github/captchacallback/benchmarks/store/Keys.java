package io.github.captchacallback.benchmarks.store;

import java.util.Base64;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** Holds references of one thread, which no other has, and hands them out in turn. */
@State(Scope.Thread)
public class Keys {

    /** More than expire while they are handed out once, so that every one comes back forgotten. A power of two. */
    static final int COUNT = 1 << 19;

    private static final int REFERENCE_BYTES = 16;

    private String[] keys = {};
    private int window;
    private int next;

    /** Makes the references ahead, since making them is not what is measured. */
    @Setup
    public void prepare(ThreadParams thread) {
        keys = references(COUNT, thread.getThreadIndex());
        window = (int) (Remembered.RETENTION_MILLIS / thread.getThreadCount());
    }

    static String[] references(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return Stream.generate(() -> reference(random)).limit(count).toArray(String[]::new);
    }

    private static String reference(SplittableRandom random) {
        byte[] bytes = new byte[REFERENCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String next() {
        next = (next + 1) & (COUNT - 1);
        return keys[next];
    }

    /** Returns the key whose time is over when the next one is claimed, where each claim takes a millisecond. */
    String expired() {
        return keys[(next - window) & (COUNT - 1)];
    }
}
