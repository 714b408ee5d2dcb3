package io.github.captchacallback.samples.simulator;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/** Says where and how an answer is delivered. */
record Pingback(CallbackUrl url, DeliveryMode mode, PingbackMethod method) {

    HttpRequest request(String taskId, String code) {
        CallbackUrl kept = mode == DeliveryMode.FIRST_PARAM ? url.withFirstParameterOnly() : url;
        String parameters = "id=" + taskId + "&code=" + percentEncoded(code);
        if (method == PingbackMethod.POST) {
            return HttpRequest.newBuilder(kept.uri())
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(parameters))
                    .build();
        }
        return HttpRequest.newBuilder(
                        mode == DeliveryMode.GLUED ? kept.glued(parameters) : kept.withParameters(parameters))
                .build();
    }

    private static String percentEncoded(String code) {
        return URLEncoder.encode(code, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
