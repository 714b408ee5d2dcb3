package io.github.captchacallback.store;

/**
 * Says how full a store is.
 *
 * @param used how many entries it holds, be they expected, claimed or settled and still remembered
 * @param capacity the most that it holds at once
 */
public record Occupancy(long used, long capacity) {

    /** Says whether there is room for another entry. */
    public boolean full() {
        return used >= capacity;
    }
}
