package io.github.captchacallback.spring.boot;

import static io.github.captchacallback.spring.test.MockCallback.forgedCallback;
import static io.github.captchacallback.spring.test.MockCallback.genuineCallback;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.Callback;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.autoconfigure.web.servlet.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.UrlResource;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says that a slice of the web layer has the endpoint as it is guarded, as it has Spring Security's chains. */
@WebMvcTest(
        properties = {
            "captcha.callback.public-url=https://your-server.com/captcha/callback",
            "captcha.callback.signature.keys.test=${random.value}"
        })
class SliceTest {

    @Autowired
    private MockMvcTester mvc;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Application {}

    @RestController
    static class Endpoint {

        @RequestMapping("/captcha/callback")
        String callback(@AuthenticationPrincipal Callback callback) {
            return callback.solution();
        }
    }

    @Test
    void performThenGenuineCallbacksArriveAndOthersAreRefused() {
        assertThat(mvc.perform(genuineCallback().byPost().solution("an-answer")))
                .hasStatusOk()
                .bodyText()
                .isEqualTo("an-answer");
        assertThat(mvc.perform(forgedCallback())).hasStatus(403).bodyText().contains("invalid signature");
    }

    /** The annotation of slices has moved; what is named for Boot 4 nothing here reads. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc",
                "org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc"
            })
    void theAutoConfigurationIsNamedForSlicesOfBoot3AndOfBoot4(String annotation) throws IOException {
        List<String> named = new ArrayList<>();
        // The class path has Boot's own file of that name as well.
        for (URL imports : Collections.list(
                getClass().getClassLoader().getResources("META-INF/spring/" + annotation + ".imports"))) {
            named.addAll(new UrlResource(imports)
                    .getContentAsString(StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
        assertThat(named).contains(CaptchaCallbackAutoConfiguration.class.getName());
    }
}
