package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.captchacallback.provider.TaskResult;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptAnswerTest {

    private static final Instant RECEIVED = Instant.parse("2026-11-22T10:00:00.123456789Z");

    private static Callback callback(TaskResult result, @Nullable Instant issuedAt) {
        return new Callback("70123456789", result, "3q2-7wAAECAwQFBgcICQoL", issuedAt, RECEIVED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03AGdBq24PBCbwiDRaS_MJ7Z",
                "two\nlines\r\n",
                "\n",
                "back\\slash \\0 \\\\",
                "nothing \0 here",
                "\\",
                "ключ 🔑",
                " "
            })
    void readThenIsWhatWasWritten(String solution) {
        Callback callback = callback(new TaskResult.Solution(solution), Instant.ofEpochSecond(1_793_000_000L));
        KeptAnswer kept = new KeptAnswer("/captcha/callback", callback);
        assertThat(kept.write()).doesNotContain("\0");
        assertThat(KeptAnswer.read(kept.write())).isEqualTo(kept);
    }

    @Test
    void readWhenTheTaskFailedOrNothingSaysWhenTheUrlWasIssuedThenIsWhatWasWritten() {
        KeptAnswer kept = new KeptAnswer("/x", callback(new TaskResult.Failure("ERROR_CAPTCHA_UNSOLVABLE"), null));
        assertThat(KeptAnswer.read(kept.write())).isEqualTo(kept);
    }

    /** Stores of applications have it: a change needs another version, and this one must still be read. */
    @Test
    void readOfTheFirstVersionThenStaysPossible() {
        assertThat(KeptAnswer.read(
                        "1\n/x\nref\n70\n2026-10-26T16:53:20Z\n2026-11-22T10:00:00.123456789Z\nsolution\na\\\\b"))
                .isEqualTo(new KeptAnswer(
                        "/x",
                        new Callback(
                                "70",
                                new TaskResult.Solution("a\\b"),
                                "ref",
                                Instant.ofEpochSecond(1_793_033_600L),
                                RECEIVED)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a-secret",
                "2\n/x\nref\n70\n\n2026-11-22T10:00:00Z\nsolution\na-secret",
                "1\n/x\nref\n70\n\n2026-11-22T10:00:00Z\nsolution",
                "1\n/x\nref\n70\na-secret\n2026-11-22T10:00:00Z\nsolution\na-secret",
                "1\n/x\nref\n70\n\n2026-11-22T10:00:00Z\nriddle\na-secret",
                "1\n/x\nref\n70\n\n2026-11-22T10:00:00Z\nfailure\na-secret,\tnot a code"
            })
    void readWhenAnotherVersionHasWrittenItThenRefusedWithoutQuotingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeptAnswer.read(text))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("a-secret"));
    }
}
