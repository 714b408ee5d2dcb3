package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.TestApplication.PATH;
import static io.github.captchacallback.spring.TestApplication.solved;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.spring.TestApplication.Security;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tests where the {@code Callback} argument of a controller's method comes from: from the verified request only. */
class CallbackArgumentTest {

    private static final String OTHER_ORDER = "&reference=another-order-0000&taskId=1&receivedAt=2026-01-01T00:00:00Z";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Application {}

    @RestController
    static class Endpoint {

        @RequestMapping(PATH)
        String callback(Callback callback) {
            return "completes " + callback.reference() + " with " + callback.solution();
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ModelEndpoint.class)
    static class ModelApplication {}

    @RestController
    static class ModelEndpoint {

        @RequestMapping(PATH)
        String callback(@ModelAttribute("callback") Callback callback) {
            return "completes " + callback.reference() + " with " + callback.solution();
        }
    }

    @ParameterizedTest
    @EnumSource(Security.class)
    void getWhenAGenuineUrlNamesAnotherReferenceThenTheVerifiedOneIsCompleted(Security security) {
        for (Class<?> configuration : new Class<?>[] {Application.class, ModelApplication.class}) {
            try (TestApplication application = TestApplication.start(security.application(configuration))) {
                IssuedCallback issued = application.bean(CaptchaCallbacks.class).issue();
                String target = solved(TestApplication.target(issued.url()), "an-answer");

                assertThat(application.get(target + OTHER_ORDER).body())
                        .isEqualTo("completes " + issued.reference() + " with an-answer");
            }
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Endpoint.class, Elsewhere.class})
    static class WithAnUnguardedMethod {}

    /** A pattern that covers the guarded path as well as others. */
    @RestController
    static class Elsewhere {

        @RequestMapping("/captcha/{page}")
        String page(Callback callback) {
            return "completes " + callback.reference();
        }

        @RequestMapping("/page")
        String optional(Optional<Callback> callback) {
            return callback.map(Callback::reference).orElse("no callback");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void getWhenNoCallbackWasVerifiedThenTheMethodIsNotCalledAndAnOptionalIsEmpty(boolean byPost) {
        try (TestApplication application =
                TestApplication.start(Security.WITHOUT.application(WithAnUnguardedMethod.class))) {
            String parameters = "id=1&code=x&taskId=1" + OTHER_ORDER;

            assertThat(
                            byPost
                                    ? application
                                            .post("/captcha/other", parameters)
                                            .statusCode()
                                    : application
                                            .get("/captcha/other?" + parameters)
                                            .statusCode())
                    .isEqualTo(400);
            assertThat(application.get("/page?" + parameters).body()).isEqualTo("no callback");
        }
    }
}
