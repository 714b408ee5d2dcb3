package io.github.captchacallback.samples.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Plays the client of the service; parameters are given as name, value, name, value. */
record ServiceClient(URI service, HttpClient http) {

    ServiceClient(URI service) {
        this(service, HttpClient.newHttpClient());
    }

    HttpResponse<String> get(String path, String... parameters) throws IOException, InterruptedException {
        return http.send(getRequest(path, parameters), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> getLater(String path, String... parameters) {
        return http.sendAsync(getRequest(path, parameters), BodyHandlers.ofString());
    }

    private HttpRequest getRequest(String path, String... parameters) {
        return HttpRequest.newBuilder(service.resolve(path + "?" + form(parameters)))
                .build();
    }

    HttpResponse<String> post(String pathAndQuery, String... parameters) throws IOException, InterruptedException {
        return postBody(pathAndQuery, "application/x-www-form-urlencoded", form(parameters));
    }

    HttpResponse<String> postBody(String pathAndQuery, String contentType, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(pathAndQuery))
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** Submits a task with a good key, and returns its id. */
    String submit(String... parameters) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(parameters));
        all.addAll(List.of("key", "k"));
        String answer = post("/in.php", all.toArray(String[]::new)).body();
        if (!answer.startsWith("OK|")) {
            throw new AssertionError("in.php answered " + answer);
        }
        return answer.substring("OK|".length());
    }

    private static String form(String... parameters) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < parameters.length; i += 2) {
            pairs.add(parameters[i] + "=" + URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return String.join("&", pairs);
    }
}
