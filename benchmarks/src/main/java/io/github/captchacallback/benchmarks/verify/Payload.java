package io.github.captchacallback.benchmarks.verify;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Holds one callback's task id and answer, in each of the forms in which somebody verifies it. */
final class Payload {

    static final String TASK_ID = "70123456789";

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final String code;
    private final String json;
    private final byte[] bytes;
    private final String url;

    Payload(int codeLength) {
        code = new SplittableRandom(codeLength)
                .ints(codeLength, 0, ALPHABET.length())
                .mapToObj(index -> ALPHABET.substring(index, index + 1))
                .collect(Collectors.joining());
        json = "{\"id\":\"" + TASK_ID + "\",\"code\":\"" + code + "\"}";
        bytes = json.getBytes(StandardCharsets.UTF_8);
        url = WholeVerification.PUBLIC_URL + "?" + parameters();
    }

    String code() {
        return code;
    }

    String parameters() {
        return "id=" + TASK_ID + "&code=" + code;
    }

    String json() {
        return json;
    }

    /** Returns the JSON as it came in; not a copy, which would be measured too. */
    byte[] bytes() {
        return bytes;
    }

    String url() {
        return url;
    }
}
