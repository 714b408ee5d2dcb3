package io.github.captchacallback.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowFileTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    Path directory;

    private Path file;
    private Instant now = START;
    private final InstantSource clock = () -> now;
    private final List<String> told = new ArrayList<>();
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
        Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(2)));
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
        Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(2)));
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
        Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(modified)));
    }

    private void passCheckInterval() {
        now = now.plus(AllowFile.CHECK_INTERVAL);
    }

    private static boolean permits(AllowFile allow, String address) {
        return allow.permits(address);
    }
}
