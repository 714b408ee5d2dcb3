package io.github.captchacallback.spring;

import io.github.captchacallback.CaptchaCallbacks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;

/** Runs a small Boot application on a free port of this machine, and calls it over HTTP. */
public final class TestApplication implements AutoCloseable {

    /** The key by which the applications sign. */
    public static final String SECRET = "a-secret-of-the-tests-that-nobody-prints";

    /** Where callbacks arrive, unless an application says otherwise. */
    public static final String PATH = "/captcha/callback";

    /** What an application sets at the least; the tests call it by plain HTTP. */
    public static final List<String> PROPERTIES = List.of(
            "captcha.callback.public-url=https://your-server.com" + PATH,
            "captcha.callback.signature.keys.test=" + SECRET,
            "captcha.callback.require-https=false");

    private static final String PUBLIC_HOST = "https://your-server.com";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConfigurableApplicationContext context;
    private final int port;

    /** Whether Spring Security is on the class path. */
    public enum Security {
        WITH,
        WITHOUT;

        /** Returns an application that is not started yet. */
        public SpringApplication application(Class<?> application) {
            return this == WITH
                    ? new SpringApplication(application)
                    : new SpringApplication(
                            new DefaultResourceLoader(new FilteredClassLoader("org.springframework.security")),
                            application);
        }
    }

    private TestApplication(ConfigurableApplicationContext context) {
        this.context = context;
        this.port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** Starts an application with {@link #PROPERTIES} and others, which count for more. */
    public static TestApplication start(Class<?> application, String... properties) {
        return start(new SpringApplication(application), properties);
    }

    /** Starts an application with {@link #PROPERTIES} and others, which count for more. */
    public static TestApplication start(SpringApplication application, String... properties) {
        Stream<String> notSet = PROPERTIES.stream()
                .filter(property ->
                        Arrays.stream(properties).noneMatch(other -> key(other).equals(key(property))));
        return run(application, Stream.concat(notSet, Arrays.stream(properties)).toArray(String[]::new));
    }

    private static String key(String property) {
        return property.substring(0, property.indexOf('='));
    }

    /** Starts an application with these properties alone. */
    public static TestApplication startBare(Class<?> application, String... properties) {
        return run(new SpringApplication(application), properties);
    }

    /** Starts an application with these properties alone. */
    public static TestApplication startBare(SpringApplication application, String... properties) {
        return run(application, properties);
    }

    private static TestApplication run(SpringApplication application, String... properties) {
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        return new TestApplication(application.run(Stream.concat(
                        Stream.of("server.port=0", "logging.level.root=warn", "logging.level.org.apache.catalina=off"),
                        Arrays.stream(properties))
                .map(property -> "--" + property)
                .toArray(String[]::new)));
    }

    /** Returns the beans of a type. */
    public <T> Collection<T> beans(Class<T> type) {
        return context.getBeansOfType(type).values();
    }

    /** Returns the bean of a type. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Returns a bean. */
    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    /** Issues a callback URL, and returns its path and query. */
    String issue() {
        return target(bean(CaptchaCallbacks.class).issue().url());
    }

    /** Returns path and query of a callback URL. */
    public static String target(String callbackUrl) {
        return callbackUrl.substring(PUBLIC_HOST.length());
    }

    /** Puts what the service sends by {@code GET} behind an issued target. */
    static String solved(String target, String code) {
        return target + "&id=4711&code=" + code;
    }

    /** Sends a request without a body. */
    public HttpResponse<String> get(String target) {
        return send(target, HttpRequest.Builder::GET);
    }

    /** Sends a form. */
    public HttpResponse<String> post(String target, String form) {
        return send(target, request -> form(request, form));
    }

    static HttpRequest.Builder form(HttpRequest.Builder request, String form) {
        return request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
    }

    HttpResponse<String> send(String target, UnaryOperator<HttpRequest.Builder> request) {
        try {
            return client.send(request(target, request), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    CompletableFuture<HttpResponse<String>> getAsync(String target) {
        return client.sendAsync(request(target, HttpRequest.Builder::GET), BodyHandlers.ofString());
    }

    private HttpRequest request(String target, UnaryOperator<HttpRequest.Builder> request) {
        return request.apply(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                        .timeout(TIMEOUT))
                .build();
    }

    @Override
    public void close() {
        context.close();
    }
}
