package io.github.captchacallback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.spring.metrics.CallbackMeters;
import io.github.captchacallback.spring.metrics.CallbackObservation;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.NamingConvention;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Holds {@code docs/operations.md} to the meters that there are. */
class OperationsGuideTest {

    private static final Snippets GUIDE = Snippets.of("docs/operations.md");
    private static final List<String> METERS = List.of(
            CallbackMeters.VERDICTS,
            CallbackMeters.VERIFICATION,
            CallbackMeters.ISSUED,
            CallbackMeters.CLAIMS,
            CallbackMeters.REFERENCES,
            CallbackMeters.CAPACITY,
            CallbackMeters.WARNINGS,
            CallbackMeters.DELIVERY_ATTEMPTS,
            CallbackMeters.DEAD_LETTERS,
            CallbackMeters.INBOX,
            CallbackMeters.OLDEST_DUE,
            CallbackObservation.NAME);

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void theTableListsEveryMeter() {
        assertThat(found("(?m)(?<=^\\| `)captcha\\.callback\\.[a-z.]+", GUIDE.document()))
                .containsExactlyElementsOf(METERS);
    }

    @Test
    void theAlertsAskForMetersAndRefusalsThatThereAre() {
        assertThat(GUIDE.blocks()).isEqualTo(1);
        String alerts = GUIDE.get("alerts");
        assertThat(new Yaml().<Object>load(alerts)).isNotNull();
        assertThat(found("captcha_[a-z_]+", alerts))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(METERS.stream()
                                .map(meter -> NamingConvention.snakeCase.name(meter, Meter.Type.COUNTER)))
                        .contains(name.replaceFirst("_(total|seconds)$", "")));
        assertThat(found("(?<=refusal=~?\")[a-z|-]+", alerts))
                .flatMap(refusals -> List.of(refusals.split("\\|", -1)))
                .isNotEmpty()
                .allSatisfy(
                        refusal -> assertThat(Arrays.stream(Refusal.values()).map(Enum::name))
                                .contains(refusal.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    @Test
    void everyRefusalIsNamed() {
        for (Refusal refusal : Refusal.values()) {
            assertThat(GUIDE.document())
                    .contains("`" + refusal.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`");
        }
    }
}
