package io.github.captchacallback.samples.boot;

import io.github.captchacallback.samples.simulator.CaptchaSimulator;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;

/** Submits tasks to the CAPTCHA service's {@code in.php}. */
@Component
class CaptchaService {

    private static final String SITE_KEY = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI";
    private static final String ACCEPTED = "OK|";

    private final RestClient client;

    CaptchaService(CaptchaSimulator simulator) {
        this.client = RestClient.create(simulator.baseUri());
    }

    /** Is thrown where the service does not take a task. */
    static final class RejectedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RejectedException(String answer) {
            super(answer);
        }
    }

    /**
     * Submits a task, and returns its id.
     *
     * @throws RejectedException where the service does not take it
     */
    String submit(String callbackUrl, Map<String, String> steering) {
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.add("key", "demo");
        form.add("method", "userrecaptcha");
        form.add("googlekey", SITE_KEY);
        form.add("pageurl", "https://example.com/login");
        form.add("pingback", callbackUrl);
        steering.forEach((name, value) -> form.add("sim_" + name, value));
        String answer = String.valueOf(client.post()
                .uri("/in.php")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(form)
                .retrieve()
                .body(String.class));
        if (!answer.startsWith(ACCEPTED)) {
            throw new RejectedException(answer);
        }
        return answer.substring(ACCEPTED.length());
    }
}
