package io.github.captchacallback.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pins the names of keys: nodes of different versions share them. */
class BucketsTest {

    private final Buckets buckets = new Buckets("captcha-callback:");

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    @Test
    void entryThenNameIsTheOneOfEarlierVersions() {
        assertThat(text(buckets.entry("3q2-7wAAECAwQFBgcICQoL")))
                .isEqualTo("captcha-callback:{49}:3q2-7wAAECAwQFBgcICQoL");
        assertThat(text(buckets.entry("70123456789"))).isEqualTo("captcha-callback:{72}:70123456789");
        assertThat(Arrays.stream(buckets.indexes(0)).map(BucketsTest::text))
                .containsExactly(
                        "captcha-callback:{10}work",
                        "captcha-callback:{10}wait",
                        "captcha-callback:{10}dead",
                        "captcha-callback:{10}keep");
        assertThat(text(buckets.taken(0, -1))).isEqualTo("captcha-callback:{10}taken:-1");
    }

    @Test
    void entryAndIndexesThenAllAreInOneSlot() {
        for (String reference : List.of("3q2-7wAAECAwQFBgcICQoL", "70123456789", "{x}", "a}b", "")) {
            assertThat(Arrays.stream(buckets.entryAndIndexes(reference))
                            .map(SlotHash::getSlot)
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void indexesThenEachOf64RangesOfSlotsHasOneBucket() {
        assertThat(IntStream.range(0, Buckets.COUNT)
                        .map(bucket ->
                                SlotHash.getSlot(buckets.indexes(bucket)[0]) / (SlotHash.SLOT_COUNT / Buckets.COUNT)))
                .containsExactlyElementsOf(
                        IntStream.range(0, Buckets.COUNT).boxed().toList());
    }
}
