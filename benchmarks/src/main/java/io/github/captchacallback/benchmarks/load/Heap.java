package io.github.captchacallback.benchmarks.load;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** Measures what is reachable in this process's heap. */
final class Heap {

    static final long MEGABYTE = 1_000_000;

    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();
    private static final int COLLECTIONS = 5;

    private Heap() {}

    /** Returns the bytes in use after several collections, since one leaves what weak references hand on to the next. */
    static long retainedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            MEMORY.gc();
            least = Math.min(least, MEMORY.getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
