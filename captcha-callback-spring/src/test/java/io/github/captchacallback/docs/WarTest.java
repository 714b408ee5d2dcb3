package io.github.captchacallback.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.docs.war.ShopInitializer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * Deploys the package {@code war} as the web application that it is in the guide: Tomcat finds the initializers among its
 * classes, and Boot has no part in it. The proxy that the guide trusts is this test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("thorough")
class WarTest {

    private static final String CONTEXT_PATH = "/shop";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Tomcat tomcat = new Tomcat();
    private Context context;

    @BeforeAll
    void deploy(@TempDir Path folder) throws Exception {
        Path webapp = Files.createDirectories(folder.resolve("webapps/shop"));
        copyClasses(webapp.resolve("WEB-INF/classes"));
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.setAddDefaultWebXmlToWebapp(false);
        context = tomcat.addWebapp(CONTEXT_PATH, webapp.toString());
        context.setParentClassLoader(getClass().getClassLoader());
        tomcat.start();
    }

    private static void copyClasses(Path classes) throws IOException, ReflectiveOperationException {
        Path compiled = Path.of(ShopInitializer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        Path ofTheWar = compiled.resolve(ShopInitializer.class.getPackageName().replace('.', '/'));
        Path there = Files.createDirectories(classes.resolve(compiled.relativize(ofTheWar)));
        try (Stream<Path> files = Files.list(ofTheWar)) {
            for (Path file : files.toList()) {
                Files.copy(file, there.resolve(file.getFileName()));
            }
        }
    }

    @AfterAll
    void undeploy() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    private WebApplicationContext beans() {
        return WebApplicationContextUtils.getRequiredWebApplicationContext(context.getServletContext());
    }

    /** Returns the target of a fresh callback URL. */
    private String issue() {
        URI url = URI.create(beans().getBean(CaptchaCallbacks.class).issue().url());
        return url.getRawPath() + "?" + url.getRawQuery();
    }

    private HttpResponse<String> get(String target) throws Exception {
        return send(target, HttpRequest.newBuilder().GET());
    }

    /** Repeats a callback until the claim of the first attempt has ended, which may be just after its answer. */
    private HttpResponse<String> getAgain(String target) throws Exception {
        Instant deadline = Instant.now().plusSeconds(30);
        HttpResponse<String> answer = get(target);
        while (answer.statusCode() == 409 && Instant.now().isBefore(deadline)) {
            answer = get(target);
        }
        return answer;
    }

    private HttpResponse<String> post(String target, String form) throws Exception {
        return send(
                target, HttpRequest.newBuilder().header("Content-Type", FORM).POST(BodyPublishers.ofString(form)));
    }

    /** Sends what the proxy forwards. */
    private HttpResponse<String> send(String target, HttpRequest.Builder request) throws Exception {
        return client.send(
                request.uri(URI.create(
                                "http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + target))
                        .header("X-Forwarded-For", "138.201.1.1")
                        .header("X-Forwarded-Proto", "https")
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void callbackWhenGenuineThenTheEndpointAnswersItLater() throws Exception {
        HttpResponse<String> answer = get(issue() + "&id=4711&code=an-answer");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("4711 an-answer");
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
    }

    @Test
    void callbackWhenPostedThenItNeedsNoCsrfToken() throws Exception {
        HttpResponse<String> answer = post(issue(), "id=4711&code=an-answer");

        assertThat(answer.body()).isEqualTo("4711 an-answer");
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
    }

    @Test
    void callbackWhenForgedThenItIsRefused() throws Exception {
        String forged = issue().replaceFirst("[0-9a-f]{64}", "0".repeat(64));

        for (HttpResponse<String> answer : List.of(get(forged + "&id=4711&code=x"), post(forged, "id=4711&code=x"))) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("{\"error\":\"invalid signature\"}");
            assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
        }
    }

    @Test
    void callbackWhenReplayedThenItIsAConflict() throws Exception {
        String issued = issue() + "&id=4711&code=an-answer";

        assertThat(get(issued).statusCode()).isEqualTo(200);
        assertThat(get(issued).statusCode()).isEqualTo(409);
    }

    @Test
    void endpointWhenItFailsLaterThenTheCallbackMayComeAgain() throws Exception {
        String issued = issue();

        assertThat(get(issued + "&id=4711&code=ERROR_CAPTCHA_UNSOLVABLE").statusCode())
                .isEqualTo(500);
        assertThat(getAgain(issued + "&id=4711&code=an-answer").statusCode()).isEqualTo(200);
    }

    @Test
    void webappWhenUndeployedThenItsCallbacksAreClosed() throws Exception {
        CaptchaCallbacks callbacks = beans().getBean(CaptchaCallbacks.class);
        String reference = callbacks.issue().reference();
        callbacks.bind(reference, "4711");

        context.stop();

        try {
            assertThatThrownBy(() -> callbacks.bind(reference, "4711")).hasMessageContaining("not expected");
        } finally {
            context.start();
        }
        assertThat(get(issue() + "&id=4711&code=an-answer").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/orders", "/captcha/callbackfoo"})
    void requestWhenItIsForAnotherPathThenItIsTheChainsAffair(String path) throws Exception {
        assertThat(get(CONTEXT_PATH + path).statusCode()).isEqualTo(401);
        assertThat(post(CONTEXT_PATH + path, "a=b").statusCode()).isEqualTo(403);
    }
}
