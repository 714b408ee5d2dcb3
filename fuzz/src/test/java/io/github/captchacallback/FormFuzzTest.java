package io.github.captchacallback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.captchacallback.http.FormParameters;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
        List<FormParameters.Parameter> expected = StrictForm.pairs(raw).stream()
                .map(pair -> new FormParameters.Parameter(pair.name(), pair.value()))
                .toList();
        assertThat(parameters.all()).as(raw).isEqualTo(expected);
        checkEncodedAgain(expected.stream()
                .filter(parameter -> parameter.name() != null && parameter.value() != null)
                .toList());
    }

    private static void checkEncodedAgain(List<FormParameters.Parameter> decoded) {
        String encoded = decoded.stream()
                .map(parameter ->
                        encode(String.valueOf(parameter.name())) + "=" + encode(String.valueOf(parameter.value())))
                .collect(Collectors.joining("&"));
        assertThat(FormParameters.ofQuery(encoded).all()).isEqualTo(decoded);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
