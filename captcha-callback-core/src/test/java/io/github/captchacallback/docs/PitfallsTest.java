package io.github.captchacallback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the list of pitfalls and the tests that cite it together. */
class PitfallsTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern LISTED = Pattern.compile("^(\\d+)\\. ", Pattern.MULTILINE);
    private static final Pattern CITED = Pattern.compile("Pitfalls? ((?:\\d+(?:, | and )?)+)");

    @Test
    void pitfallsAreNumberedWithoutAGap() throws IOException {
        List<Integer> numbers = LISTED.matcher(Files.readString(ROOT.resolve("docs/pitfalls.md")))
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
    }

    @Test
    void pitfallsThatTestsCiteAreListed() throws IOException {
        Set<String> listed = LISTED.matcher(Files.readString(ROOT.resolve("docs/pitfalls.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        Set<String> cited = Stream.of("core", "servlet", "spring")
                .flatMap(module -> citedBelow(ROOT.resolve("captcha-callback-" + module + "/src/test")))
                .collect(Collectors.toSet());
        assertThat(cited).hasSizeGreaterThan(20).isSubsetOf(listed);
    }

    private static Stream<String> citedBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .flatMap(PitfallsTest::citedIn)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> citedIn(Path file) {
        try {
            return CITED.matcher(Files.readString(file))
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .flatMap(numbers -> Pattern.compile("\\D+").splitAsStream(numbers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
