package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseIdsTest {

    private static final int MORE_THAN_ARE_DRAWN_AT_ONCE = 1_000;

    @Test
    void nextThenNoTwoAreAlikeNorOfTwoNodes() {
        SecureRandom random = new SecureRandom();
        LeaseIds first = new LeaseIds(random);
        LeaseIds second = new LeaseIds(random);
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < MORE_THAN_ARE_DRAWN_AT_ONCE; i++) {
            ids.add(first.next());
            ids.add(second.next());
        }
        assertThat(ids).doesNotHaveDuplicates();
    }
}
