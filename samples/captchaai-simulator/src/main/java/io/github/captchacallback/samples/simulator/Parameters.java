package io.github.captchacallback.samples.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the parameters of a request as PHP does: the form outranks the query, the last of a name the ones before it.
 *
 * <p>An empty value counts as absent. Errors name the parameter, and never repeat what was sent.
 */
final class Parameters {

    static final Parameters NONE = new Parameters(Map.of());

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    static Parameters of(String query, String form) throws RefusedException {
        Map<String, String> values = new HashMap<>();
        try {
            for (String pair : (query + "&" + form).split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    values.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
                }
            }
        } catch (IllegalArgumentException e) {
            throw RefusedException.badParameters(
                    "a percent sign stands before something that is no hexadecimal number");
        }
        return new Parameters(values);
    }

    private static String decoded(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    String required(String name, String error) throws RefusedException {
        return value(name).orElseThrow(() -> new RefusedException(error, null));
    }

    boolean wantsJson() {
        return value("json").filter("1"::equals).isPresent();
    }

    <E extends Enum<E>> E choice(String name, E fallback) throws RefusedException {
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            return fallback;
        }
        E[] choices = fallback.getDeclaringClass().getEnumConstants();
        for (E choice : choices) {
            if (spelling(choice).equals(value.get())) {
                return choice;
            }
        }
        throw RefusedException.badParameters(name + " must be one of "
                + Stream.of(choices).map(Parameters::spelling).collect(Collectors.joining(", ")));
    }

    private static String spelling(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Duration millis(String name, int fallback, int max) throws RefusedException {
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            return Duration.ofMillis(fallback);
        }
        if (!value.get().matches("[0-9]{1,9}") || Integer.parseInt(value.get()) > max) {
            throw RefusedException.badParameters(name + " must be a whole number of milliseconds from 0 to " + max);
        }
        return Duration.ofMillis(Integer.parseInt(value.get()));
    }
}
