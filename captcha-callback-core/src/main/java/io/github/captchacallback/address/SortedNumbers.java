package io.github.captchacallback.address;

/**
 * Holds unsigned numbers in ascending order. They lie in about as many buckets as there are numbers, by their leading bits, and
 * the search is within one: evenly spread numbers are found at once, and any others by halves.
 */
final class SortedNumbers {

    private final long[] numbers;
    private final long first;

    /** How many trailing bits of its distance from the first number leave a number in the same bucket. */
    private final int shift;

    /** The index of the first number that is in each bucket or behind it, and of the end. */
    private final int[] starts;

    SortedNumbers(long... ascending) {
        numbers = ascending.clone();
        first = numbers.length == 0 ? 0 : numbers[0];
        long span = numbers.length == 0 ? 0 : numbers[numbers.length - 1] - first;
        shift = Math.max(0, bits(span) - bits(numbers.length));
        starts = new int[(int) (span >>> shift) + 2];
        for (long number : numbers) {
            starts[(int) ((number - first) >>> shift) + 1]++;
        }
        for (int bucket = 1; bucket < starts.length; bucket++) {
            starts[bucket] += starts[bucket - 1];
        }
    }

    private static int bits(long number) {
        return Long.SIZE - Long.numberOfLeadingZeros(number);
    }

    long number(int index) {
        return numbers[index];
    }

    /** Returns the index of the last number that is no greater than the key; -1 where none is. */
    int lastUpTo(long key) {
        if (Long.compareUnsigned(key, first) < 0) {
            return -1;
        }
        long bucket = (key - first) >>> shift;
        if (Long.compareUnsigned(bucket, starts.length - 2) > 0) {
            return numbers.length - 1;
        }
        return lastUpTo(key, numbers, starts[(int) bucket], starts[(int) bucket + 1]);
    }

    /**
     * Returns the index of the last number in a part of ascending unsigned ones that is no greater than the key; the index
     * before the part where none is. Takes the same steps for every key, with nothing for a processor to guess.
     */
    static int lastUpTo(long key, long[] ascending, int from, int to) {
        int last = from - 1;
        int left = to - from;
        long signedKey = key + Long.MIN_VALUE;
        while (left > 0) {
            int half = (left + 1) >>> 1;
            last = ascending[last + half] + Long.MIN_VALUE <= signedKey ? last + half : last;
            left -= half;
        }
        return last;
    }
}
