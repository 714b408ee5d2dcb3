package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.TestApplication.PATH;
import static io.github.captchacallback.spring.TestApplication.solved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import io.github.captchacallback.settings.CallbackSettingsException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.ModelAndView;

/** Says what an application without Spring Security on its class path sees of callbacks. */
@ExtendWith(OutputCaptureExtension.class)
class WithoutSpringSecurityTest {

    private static TestApplication application;
    private static Endpoint endpoint;

    private IssuedCallback issued;
    private String target;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Application {

        @Bean
        RecordingListener listener() {
            return new RecordingListener();
        }
    }

    @RestController
    static class Endpoint {

        private final List<Callback> arrivals = new CopyOnWriteArrayList<>();
        private volatile Function<Callback, Object> behaviour = callback -> "handled";

        @RequestMapping(PATH)
        Object callback(HttpServletRequest request) {
            Callback callback = CaptchaCallbackFilter.callback(request).orElseThrow();
            arrivals.add(callback);
            return behaviour.apply(callback);
        }

        /** Sends whoever comes here on to the callback path, inside the server. */
        @GetMapping("/forward")
        ModelAndView forward() {
            return new ModelAndView("forward:" + PATH + "?id=1&code=2");
        }

        @GetMapping("/orders")
        String orders() {
            return "orders";
        }
    }

    private static SpringApplication withoutSecurity() {
        ClassLoader classes = new FilteredClassLoader("org.springframework.security");
        return new SpringApplication(new DefaultResourceLoader(classes), Application.class);
    }

    @BeforeAll
    static void start() {
        application = TestApplication.start(withoutSecurity());
        endpoint = application.bean(Endpoint.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void issue() {
        endpoint.arrivals.clear();
        endpoint.behaviour = callback -> "handled";
        issued = application.bean(CaptchaCallbacks.class).issue();
        target = solved(TestApplication.target(issued.url()), "an-answer");
    }

    @Test
    void sendWhenGenuineThenTheControllerHasTheCallback() {
        assertThat(application.get(target).body()).isEqualTo("handled");
        assertThat(application.post(application.issue(), "id=1&code=2").body()).isEqualTo("handled");

        assertThat(endpoint.arrivals).extracting(Callback::solution).containsExactly("an-answer", "2");
        assertThat(application.get(target).statusCode()).isEqualTo(409);
    }

    @Test
    void getWhenForgedThenRefused() {
        HttpResponse<String> answer = application.get(target.replaceFirst("[0-9a-f]{64}", "0".repeat(64)));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("{\"error\":\"invalid signature\"}");
        assertThat(application.get("/captcha/%63allback?id=1&code=2").body())
                .isEqualTo("{\"error\":\"malformed callback\"}");
        assertThat(endpoint.arrivals).isEmpty();
    }

    @Test
    void getWhenTheApplicationForwardsToTheCallbackPathThenJudgedThere() {
        assertThat(application.get("/forward").body()).isEqualTo("{\"error\":\"malformed callback\"}");
        assertThat(endpoint.arrivals).isEmpty();
    }

    @Test
    void getWhenOfAnotherPathThenLetBe() {
        assertThat(application.get("/orders").body()).isEqualTo("orders");
    }

    @Test
    void getWhenTheControllerFailsThenReleasedAndTheServicesRetryGetsThrough() {
        endpoint.behaviour = callback -> {
            throw new IllegalStateException("out of order");
        };
        assertThat(application.get(target).statusCode()).isEqualTo(500);
        application.bean(RecordingListener.class).awaitReleased(issued.reference());

        endpoint.behaviour = callback -> "handled";
        assertThat(application.get(target).statusCode()).isEqualTo(200);
    }

    @Test
    void getWhenTheAnswerIsDeferredThenSettledWhenItHasArrived() throws Exception {
        DeferredResult<String> later = new DeferredResult<>();
        endpoint.behaviour = callback -> later;
        CompletableFuture<HttpResponse<String>> answer = application.getAsync(target);
        await().until(() -> !endpoint.arrivals.isEmpty());

        assertThat(application.get(target).statusCode()).isEqualTo(409);
        later.setResult("at last");

        assertThat(answer.get().body()).isEqualTo("at last");
        application.bean(RecordingListener.class).awaitSettled(issued.reference());
    }

    @Test
    void startWhenTheCallbackPathLiesOutsideTheContextPathThenTheOperatorReadsAShortMessage(CapturedOutput output) {
        assertThatThrownBy(() -> TestApplication.start(withoutSecurity(), "server.servlet.context-path=/shop"))
                .hasRootCauseInstanceOf(CallbackSettingsException.class);

        assertThat(output)
                .contains("/captcha/callback': no request of this webapp arrives there, since its"
                        + " context path is /shop.")
                .doesNotContain("\tat ");
    }
}
