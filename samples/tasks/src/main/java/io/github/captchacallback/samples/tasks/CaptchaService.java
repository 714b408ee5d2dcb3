package io.github.captchacallback.samples.tasks;

import io.github.captchacallback.TaskRefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Submits tasks to the CAPTCHA service's {@code in.php}. */
public final class CaptchaService {

    private static final String SITE_KEY = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI";
    private static final String ACCEPTED = "OK|";
    private static final String REFUSED = "ERROR";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI service;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /**
     * Makes a client of a service.
     *
     * @param service where {@code /in.php} is
     */
    public CaptchaService(URI service) {
        this.service = service;
    }

    /**
     * Submits a task, and returns its id.
     *
     * @throws TaskRefusedException if the service says that it does not take the task
     * @throws NotSubmittedException if the service does not answer, or not in its own words: it may have taken the task
     */
    String submit(String callbackUrl, Map<String, String> steering) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("key", "demo");
        form.put("method", "userrecaptcha");
        form.put("googlekey", SITE_KEY);
        form.put("pageurl", "https://example.com/login");
        form.put("pingback", callbackUrl);
        steering.forEach((name, value) -> form.put("sim_" + name, value));
        String answer = answer(HttpRequest.newBuilder(service.resolve("/in.php"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(form)))
                .build());
        if (answer.startsWith(REFUSED)) {
            throw new TaskRefusedException(answer);
        }
        if (!answer.startsWith(ACCEPTED)) {
            throw new NotSubmittedException(502, "the service at " + service + " answers in other words than its own");
        }
        return answer.substring(ACCEPTED.length());
    }

    private String answer(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable();
        } catch (IOException e) {
            throw unreachable();
        }
    }

    private NotSubmittedException unreachable() {
        return new NotSubmittedException(502, "the service at " + service + " does not answer");
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
