package io.github.captchacallback.samples.simulator;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds what {@code in.php} was asked for. */
record Order(@Nullable Pingback pingback, Duration delay, Outcome outcome, String code) {

    private static final String UNSOLVABLE = "ERROR_CAPTCHA_UNSOLVABLE";

    private static final int DEFAULT_DELAY = 500;
    private static final int MAX_DELAY = 600_000;
    private static final int MAX_CODE_LENGTH = 20_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    static Order from(Parameters parameters) throws RefusedException {
        DeliveryMode mode = parameters.choice("sim_deliver", DeliveryMode.NORMAL);
        PingbackMethod method = parameters.choice("sim_method", PingbackMethod.GET);
        Duration delay = parameters.millis("sim_delay", DEFAULT_DELAY, MAX_DELAY);
        Outcome outcome = parameters.choice("sim_outcome", Outcome.SOLVED);
        String code = code(parameters, outcome);
        Optional<String> url = parameters.value("pingback");
        return new Order(
                url.isPresent() ? new Pingback(CallbackUrl.parse(url.get()), mode, method) : null,
                mode == DeliveryMode.EARLY ? Duration.ZERO : delay,
                outcome,
                code);
    }

    private static String code(Parameters parameters, Outcome outcome) throws RefusedException {
        Optional<String> code = parameters.value("sim_code");
        if (code.isPresent() && code.get().length() > MAX_CODE_LENGTH) {
            throw RefusedException.badParameters("sim_code must not have more than " + MAX_CODE_LENGTH + " characters");
        }
        return outcome == Outcome.UNSOLVABLE ? UNSOLVABLE : code.orElseGet(Order::randomCode);
    }

    private static String randomCode() {
        byte[] bytes = new byte[420];
        RANDOM.nextBytes(bytes);
        return "03AFcWeA" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    boolean deliversIn(DeliveryMode mode) {
        return pingback != null && pingback.mode() == mode;
    }
}
