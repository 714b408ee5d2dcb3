package io.github.captchacallback.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SortedNumbersTest {

    private final Random random = new Random(4632);

    @Test
    void lastUpToWhenThereIsNoNumberThenBeforeTheFirst() {
        SortedNumbers none = new SortedNumbers();
        for (long key : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            assertThat(none.lastUpTo(key)).isEqualTo(-1);
        }
    }

    @Test
    void lastUpToWhenNumbersAreSpreadInAnyWayThenWhatLookingAtEachGives() {
        for (int round = 0; round < 2_000; round++) {
            long[] numbers = ascending(random.nextInt(round % 50 == 0 ? 300 : 12), random.nextInt(Long.SIZE));
            SortedNumbers sorted = new SortedNumbers(numbers);
            LongStream keys = LongStream.concat(
                    random.longs(20),
                    LongStream.concat(
                            LongStream.of(0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE),
                            LongStream.of(numbers).flatMap(number -> LongStream.of(number - 1, number, number + 1))));
            keys.forEach(key -> assertThat(sorted.lastUpTo(key))
                    .as("%s in %s", Long.toUnsignedString(key), Arrays.toString(numbers))
                    .isEqualTo(lastUpTo(key, numbers)));
        }
    }

    /** Returns numbers that lie close together or far apart, some of them several times, anywhere among the unsigned ones. */
    private long[] ascending(int count, int narrowness) {
        long origin = random.nextLong();
        return LongStream.generate(() -> origin + (random.nextLong() >>> narrowness))
                .limit(count)
                .flatMap(number -> LongStream.generate(() -> number).limit(1 + random.nextInt(10) / 9))
                .boxed()
                .sorted(Comparator.comparing(number -> number + Long.MIN_VALUE))
                .mapToLong(Long::longValue)
                .toArray();
    }

    private static int lastUpTo(long key, long[] numbers) {
        int last = -1;
        for (int i = 0; i < numbers.length; i++) {
            last = Long.compareUnsigned(numbers[i], key) <= 0 ? i : last;
        }
        return last;
    }
}
