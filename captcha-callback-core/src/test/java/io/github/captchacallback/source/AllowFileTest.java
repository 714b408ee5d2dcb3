package io.github.captchacallback.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.captchacallback.address.IpRange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowFileTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant LONG_AGO = START.minusSeconds(3600);

    @TempDir
    Path directory;

    private Path file;
    private volatile Instant now = START;
    private final InstantSource clock = () -> now;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AllowFile.Observer observer = new AllowFile.Observer() {
        @Override
        public void reloaded(int entries) {
            told.add("reloaded " + entries);
        }

        @Override
        public void kept(String reason) {
            told.add("kept: " + reason);
        }
    };

    @BeforeEach
    void chooseFile() {
        file = directory.resolve("allow.txt");
    }

    @Test
    void permitsWhatTheFileListsAndNothingElse() throws IOException {
        write(1, "138.201.0.0/16\n2a01:4f8::/32\n10.0.0.1-10.0.0.9\n1.2.3.4\n");
        AllowFile allow = allowFile();

        assertThat(permits(allow, "138.201.255.255")).isTrue();
        assertThat(permits(allow, "::ffff:138.201.1.1")).isTrue();
        assertThat(permits(allow, "2a01:4f8::1")).isTrue();
        assertThat(permits(allow, "10.0.0.9")).isTrue();
        assertThat(permits(allow, "1.2.3.4")).isTrue();
        assertThat(permits(allow, "1.2.3.5")).isFalse();
        assertThat(allow.permits(null)).isFalse();
        assertThat(told).isEmpty();
    }

    @Test
    void commentsBlankLinesAndBlanksAreLeftOut() throws IOException {
        write(1, "# Hetzner\n\n   \n  1.1.1.1  # one\n\t2.2.2.2\t\n3.3.3.3#three\n#4.4.4.4\n5.5.5.5");
        AllowFile allow = allowFile();

        assertThat(permits(allow, "1.1.1.1")).isTrue();
        assertThat(permits(allow, "2.2.2.2")).isTrue();
        assertThat(permits(allow, "3.3.3.3")).isTrue();
        assertThat(permits(allow, "4.4.4.4")).isFalse();
        assertThat(permits(allow, "5.5.5.5")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u2028", "\u2029", "\u0085"})
    void aCommentRunsToTheEndOfTheLineWhateverSeparatorIsInIt(String separator) throws IOException {
        write(1, "1.1.1.1\n# was" + separator + "4.4.4.4\n");

        assertThat(permits(allowFile(), "4.4.4.4")).isFalse();
    }

    @Test
    void linesMayEndAsOnWindows() throws IOException {
        write(1, "# ours\r\n1.1.1.1\r\n\r\n2.2.2.2 # two\r\n");
        AllowFile allow = allowFile();

        assertThat(permits(allow, "1.1.1.1")).isTrue();
        assertThat(permits(allow, "2.2.2.2")).isTrue();
    }

    @Test
    void anEmptyFileWithoutABaseStopsTheStart() throws IOException {
        write(1, "# nobody yet\n");

        assertThatIllegalArgumentException()
                .isThrownBy(this::allowFile)
                .withMessageContaining("lists no address, so nobody could call back");
    }

    @Test
    void anEmptyFilePermitsNobodyButTheBase() throws IOException {
        write(1, "# nobody yet\n");
        AllowFile allow = allowFile("9.9.9.9");

        assertThat(permits(allow, "9.9.9.9")).isTrue();
        assertThat(permits(allow, "1.1.1.1")).isFalse();
    }

    @Test
    void baseRangesArePermittedWhateverTheFileSays() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile("9.9.9.0/24");
        assertThat(permits(allow, "9.9.9.9")).isTrue();
        assertThat(permits(allow, "1.1.1.1")).isTrue();

        write(2, "2.2.2.2\n");
        passCheckInterval();
        assertThat(permits(allow, "9.9.9.9")).isTrue();
        assertThat(permits(allow, "2.2.2.2")).isTrue();

        write(3, "nonsense\n");
        passCheckInterval();
        assertThat(permits(allow, "9.9.9.9")).isTrue();

        Files.delete(file);
        passCheckInterval();
        assertThat(permits(allow, "9.9.9.9")).isTrue();
    }

    @Test
    void aChangeIsSeenAfterTheCheckInterval() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();

        write(2, "2.2.2.2\n3.3.3.3\n");
        now = START.plus(AllowFile.CHECK_INTERVAL).minusMillis(1);
        assertThat(permits(allow, "2.2.2.2")).isFalse();
        assertThat(permits(allow, "1.1.1.1")).isTrue();

        now = START.plus(AllowFile.CHECK_INTERVAL);
        assertThat(permits(allow, "2.2.2.2")).isTrue();
        assertThat(permits(allow, "1.1.1.1")).isFalse();
        assertThat(told).containsExactly("reloaded 2");
    }

    @Test
    void aChangeOfTheSameLengthIsSeenByItsTime() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();

        write(2, "2.2.2.2\n");
        passCheckInterval();

        assertThat(permits(allow, "2.2.2.2")).isTrue();
    }

    @Test
    void aChangeOfTheSameTimeIsSeenByItsLength() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();

        write(1, "2.2.2.22\n");
        passCheckInterval();

        assertThat(permits(allow, "2.2.2.22")).isTrue();
    }

    @Test
    void anOlderVersionThatIsPutBackIsReadAsWell() throws IOException {
        write(5, "1.1.1.1\n");
        AllowFile allow = allowFile();

        write(2, "2.2.2.2\n");
        passCheckInterval();

        assertThat(permits(allow, "2.2.2.2")).isTrue();
    }

    @Test
    void aFileThatStaysAsItIsIsNotReadAgain() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();

        for (int i = 0; i < 5; i++) {
            passCheckInterval();
            assertThat(permits(allow, "1.1.1.1")).isTrue();
        }

        assertThat(told).isEmpty();
    }

    @Test
    void aBrokenNewVersionLeavesTheOldInForceAndIsToldOfOnce() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();

        write(2, "2.2.2.2\n\n# next\n10.1.2.3/8 # all of ours\n");
        for (int i = 0; i < 5; i++) {
            passCheckInterval();
            assertThat(permits(allow, "1.1.1.1")).isTrue();
            assertThat(permits(allow, "2.2.2.2")).isFalse();
        }

        assertThat(told)
                .containsExactly("kept: " + file + ", line 4, '10.1.2.3/8': bits are set behind the block's length;"
                        + " write 10.0.0.0/8 for the block, or 10.1.2.3 for the one address");
    }

    @Test
    void aBrokenVersionThatIsMendedComesIntoForce() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();
        write(2, "nonsense\n");
        passCheckInterval();
        assertThat(permits(allow, "1.1.1.1")).isTrue();

        write(3, "3.3.3.3\n");
        passCheckInterval();

        assertThat(permits(allow, "3.3.3.3")).isTrue();
        assertThat(permits(allow, "1.1.1.1")).isFalse();
        assertThat(told).hasSize(2).last().isEqualTo("reloaded 1");
    }

    @Test
    void aDeletedFileLeavesTheOldInForceAndIsToldOfOnce() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();

        Files.delete(file);
        for (int i = 0; i < 5; i++) {
            passCheckInterval();
            assertThat(permits(allow, "1.1.1.1")).isTrue();
            assertThat(permits(allow, "2.2.2.2")).isFalse();
        }

        assertThat(told).containsExactly("kept: the file " + file + " cannot be read");
    }

    @Test
    void aDeletedFileThatComesBackIsReadEvenWhereItIsAsBefore() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();
        Files.delete(file);
        passCheckInterval();
        assertThat(permits(allow, "1.1.1.1")).isTrue();

        write(1, "2.2.2.2\n");
        passCheckInterval();

        assertThat(permits(allow, "2.2.2.2")).isTrue();
        assertThat(told).hasSize(2).last().isEqualTo("reloaded 1");
    }

    @Test
    void aFileThatCouldNotBeReadIsTriedAgainThoughItDoesNotChange() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();
        // Stands for a file whose permissions are mended later, which changes neither its time nor its length.
        Files.write(file, new byte[] {'2', '.', '2', '.', '2', '.', (byte) 0xff, '\n'});
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.plusSeconds(2)));
        for (int i = 0; i < 5; i++) {
            passCheckInterval();
            assertThat(permits(allow, "1.1.1.1")).isTrue();
        }
        assertThat(told).containsExactly("kept: the file " + file + " cannot be read");

        write(2, "2.2.2.2\n");
        passCheckInterval();

        assertThat(permits(allow, "2.2.2.2")).isTrue();
        assertThat(told).hasSize(2).last().isEqualTo("reloaded 1");
    }

    @Test
    void aFileThatBecomesReadableAndIsNotUnderstoodIsToldOfAgain() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();
        Files.delete(file);
        Files.createDirectory(file);
        passCheckInterval();
        assertThat(permits(allow, "1.1.1.1")).isTrue();
        Files.delete(file);
        Files.write(file, new byte[] {'n', 'o', (byte) 0xff, '\n'});
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.plusSeconds(2)));
        passCheckInterval();
        assertThat(permits(allow, "1.1.1.1")).isTrue();

        write(2, "nay\n");
        for (int i = 0; i < 5; i++) {
            passCheckInterval();
            assertThat(permits(allow, "1.1.1.1")).isTrue();
        }

        assertThat(told)
                .hasSize(3)
                .last(InstanceOfAssertFactories.STRING)
                .startsWith("kept: " + file + ", line 1, 'nay'");
    }

    @Test
    void permitsWhenTheFileWasTruncatedThenTheOldListStaysInForceAndIsToldOfOnce() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();

        write(2, "# written anew\n");
        for (int i = 0; i < 5; i++) {
            passCheckInterval();
            assertThat(permits(allow, "1.1.1.1")).isTrue();
        }
        assertThat(told)
                .containsExactly("kept: the file " + file + " lists no address. To permit nobody, list an address that"
                        + " nobody has, such as 192.0.2.1");

        write(3, "2.2.2.2\n");
        passCheckInterval();
        assertThat(permits(allow, "2.2.2.2")).isTrue();
        assertThat(permits(allow, "1.1.1.1")).isFalse();
    }

    @Test
    void permitsWhenTheFileIsBeingWrittenThenTheOldListStaysInForceUntilItIsDone() throws IOException {
        write(1, "1.1.1.1\n2.2.2.2\n");
        AllowFile allow = allowFile();

        passCheckInterval();
        writeNow("3.3.3.3\n");
        assertThat(permits(allow, "2.2.2.2")).as("the writer has got this far").isTrue();

        writeNow("3.3.3.3\n2.2.2.2\n");
        now = START.plusMillis(1999);
        assertThat(permits(allow, "3.3.3.3")).as("the writer is done").isFalse();
        now = START.plusMillis(2000);
        assertThat(permits(allow, "3.3.3.3")).as("it has been done for a while").isTrue();
        assertThat(permits(allow, "2.2.2.2")).isTrue();
        assertThat(permits(allow, "1.1.1.1")).isFalse();
        assertThat(told).containsExactly("reloaded 2");
    }

    @Test
    void permitsWhenALinkIsTurnedToAFileOfTheSameTimeAndLengthThenItIsRead() throws IOException {
        Path old = Files.writeString(directory.resolve("old"), "1.1.1.1\n");
        Path fresh = Files.writeString(directory.resolve("fresh"), "2.2.2.2\n");
        for (Path each : List.of(old, fresh)) {
            Files.setLastModifiedTime(each, FileTime.from(LONG_AGO));
        }
        Files.createSymbolicLink(file, old);
        AllowFile allow = allowFile();

        Path link = Files.createSymbolicLink(directory.resolve("link"), fresh);
        Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
        passCheckInterval();

        assertThat(permits(allow, "2.2.2.2")).isTrue();
        assertThat(permits(allow, "1.1.1.1")).isFalse();
    }

    @Test
    void permitsWhenTheContentIsReplacedAndItsTimeIsSetBackThenItIsRead() throws IOException {
        assumeThat(file.getFileSystem().supportedFileAttributeViews()).contains("unix");
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();

        // The kernel's clock for this moves in steps of some milliseconds.
        Object before = Files.getAttribute(file, "unix:ctime");
        while (Files.getAttribute(file, "unix:ctime").equals(before)) {
            write(1, "2.2.2.2\n");
        }
        passCheckInterval();

        assertThat(permits(allow, "2.2.2.2")).isTrue();
    }

    @Test
    void permitsWhenTheClockWasSetBackThenAChangeIsSeenAllTheSame() throws IOException {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();

        write(2, "2.2.2.2\n");
        now = START.minusSeconds(7200);

        assertThat(permits(allow, "2.2.2.2")).isTrue();
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void permitsWhenTheFileDoesNotAnswerThenOneThreadWaitsAndTheOthersGoOn() throws Exception {
        write(1, "1.1.1.1\n");
        AllowFile allow = allowFile();
        Files.delete(file);
        assumeThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        passCheckInterval();
        FutureTask<Boolean> reader = new FutureTask<>(() -> permits(allow, "1.1.1.1"));
        new Thread(reader, "reader").start();

        // A pipe is opened for writing only once somebody has opened it for reading.
        try (OutputStream pipe = Files.newOutputStream(file)) {
            for (int i = 0; i < 60; i++) {
                passCheckInterval();
                assertThat(permits(allow, "1.1.1.1")).isTrue();
                assertThat(permits(allow, "2.2.2.2")).isFalse();
            }
            assertThat(reader.isDone()).isFalse();
            assertThat(told)
                    .containsExactly(
                            "kept: the file " + file + " has not answered for 30 s; check the file system it is on");
            pipe.write("9.9.9.9\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(reader.get()).isTrue();
        now = START.plus(AllowFile.CHECK_INTERVAL);
        assertThat(permits(allow, "9.9.9.9"))
                .as("it was written while it was read")
                .isFalse();
        assertThat(told).hasSize(1);

        Files.delete(file);
        write(2, "2.2.2.2\n");
        passCheckInterval();
        assertThat(permits(allow, "2.2.2.2")).as("the file answers again").isTrue();
    }

    @Test
    void aFileThatIsMissingAtTheStartStopsIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(this::allowFile)
                .withMessage("the file " + file + " cannot be read");
    }

    @Test
    void aDirectoryAtTheStartStopsIt() throws IOException {
        Files.createDirectory(file);

        assertThatIllegalArgumentException()
                .isThrownBy(this::allowFile)
                .withMessage("the file " + file + " cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "1.2.3.4/33", "10.1", "1.2.3.4 5.6.7.8", "1.2.3.4, 5.6.7.8", "::1::"})
    void aLineThatIsNotUnderstoodStopsTheStartAndIsNamed(String line) throws IOException {
        write(1, "# ours\r\n1.1.1.1\r\n" + line + " # here\r\n2.2.2.2\r\n");

        assertThatIllegalArgumentException()
                .isThrownBy(this::allowFile)
                .withMessageStartingWith(file + ", line 3, '" + line + "': ");
    }

    private AllowFile allowFile(String... base) {
        List<IpRange> ranges = new ArrayList<>();
        for (String range : base) {
            ranges.add(IpRange.parse(range));
        }
        return new AllowFile(file, ranges, clock, observer);
    }

    private void write(int modified, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.plusSeconds(modified)));
    }

    private void writeNow(String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
        Files.setLastModifiedTime(file, FileTime.from(now));
    }

    private void passCheckInterval() {
        now = now.plus(AllowFile.CHECK_INTERVAL);
    }

    private static boolean permits(AllowFile allow, String address) {
        return allow.permits(address);
    }
}
