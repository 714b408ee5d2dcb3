package io.github.captchacallback;

import static io.github.captchacallback.VerdictAssertions.assertAccepted;
import static io.github.captchacallback.VerdictAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.source.AllowFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what the allow file decides in a whole verification; its requests come from 198.51.100.7. */
class CaptchaCallbacksSourceTest {

    private final MutableClock clock = new MutableClock(Wire.NOW);
    private final RecordingListener listener = new RecordingListener();

    @Test
    void verifyWhenTheAllowFileChangesThenItDecidesAnewAndTheListenerIsTold(@TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(directory.resolve("allowed"), "203.0.113.0/24\n");
        CaptchaCallbacks callbacks = Wire.builder(clock)
                .set("source.allow-file", file.toString())
                .listener(listener)
                .build();
        TestRequest request = Wire.callback(callbacks.issue().url());
        assertRefused(callbacks.verify(request), Refusal.SOURCE_NOT_ALLOWED);

        rewrite(file, "203.0.113.0/24\n198.51.100.0/24\n");
        clock.advance(AllowFile.CHECK_INTERVAL);
        assertAccepted(callbacks.verify(request));
        rewrite(file, "198.51.100.0/33\n");
        clock.advance(AllowFile.CHECK_INTERVAL);
        assertRefused(callbacks.verify(request), Refusal.IN_PROGRESS);

        assertThat(listener.kinds())
                .containsExactly("Issued", "Refused", "AllowFileReloaded", "Accepted", "AllowFileKept", "Refused");
        assertThat(listener.events(CallbackEvent.AllowFileReloaded.class))
                .containsExactly(new CallbackEvent.AllowFileReloaded(Wire.NOW.plus(AllowFile.CHECK_INTERVAL), 2));
    }

    private static void rewrite(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Wire.NOW.minusSeconds(60)));
    }

    @Test
    void buildWhenTheAllowFileIsMissingThenTheStartIsStoppedByItsName(@TempDir Path directory) {
        CaptchaCallbacksBuilder builder = Wire.builder(clock)
                .set("source.allow-file", directory.resolve("none").toString());

        assertThatThrownBy(builder::build)
                .isInstanceOf(CallbackSettingsException.class)
                .hasMessageContaining("captcha.callback.source.allow-file");
    }

    @Test
    void withClockThenTheSameKeysAndStoreJudgeAtAnotherTime() {
        CaptchaCallbacks callbacks = Wire.builder(clock).build();
        TestRequest request = Wire.callback(callbacks.issue().url());

        CaptchaCallbacks later = callbacks.withClock(new MutableClock(Wire.NOW.plus(Duration.ofHours(1))));

        assertRefused(later.verify(request), Refusal.EXPIRED);
        assertAccepted(callbacks.withClock(clock).verify(request));
        assertRefused(callbacks.verify(request), Refusal.IN_PROGRESS);
    }
}
