package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Compares the form decoder with the JDK's. */
class FormFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void aFormIsDecodedOnceAndStrictly(byte[] input) {
        String body = new String(input, StandardCharsets.ISO_8859_1);
        check(body, FormParameters.ofBody(input));
        check(body, FormParameters.ofQuery(body));
        check(FuzzText.of(input), FormParameters.ofQuery(FuzzText.of(input)));
    }

    private static void check(String raw, FormParameters parameters) {
        List<StrictForm.Pair> decoded = new ArrayList<>();
        for (StrictForm.Pair expected : StrictForm.pairs(raw)) {
            assertThat(parameters.next()).as(raw).isTrue();
            assertThat(parameters.name()).as(raw).isEqualTo(expected.name());
            assertThat(parameters.value()).as(raw).isEqualTo(expected.value());
            if (expected.name() != null && expected.value() != null) {
                decoded.add(new StrictForm.Pair(expected.name(), expected.value()));
            }
        }
        assertThat(parameters.next()).as(raw).isFalse();
        checkEncodedAgain(decoded);
    }

    private static void checkEncodedAgain(List<StrictForm.Pair> decoded) {
        String encoded = decoded.stream()
                .map(pair -> encode(pair.rawName()) + "=" + encode(pair.rawValue()))
                .collect(Collectors.joining("&"));
        FormParameters again = FormParameters.ofQuery(encoded);
        for (StrictForm.Pair pair : decoded) {
            assertThat(again.next()).isTrue();
            assertThat(Objects.requireNonNull(again.name())).isEqualTo(pair.rawName());
            assertThat(Objects.requireNonNull(again.value())).isEqualTo(pair.rawValue());
        }
        assertThat(again.next()).isFalse();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
