package io.github.captchacallback.docs.shop;

import static io.github.captchacallback.spring.test.MockCallback.expiredCallback;
import static io.github.captchacallback.spring.test.MockCallback.forgedCallback;
import static io.github.captchacallback.spring.test.MockCallback.genuineCallback;
import static io.github.captchacallback.spring.test.MockCallback.replayedCallback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;

import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.spring.test.MutableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.context.WebApplicationContext;

@SpringBootTest({
    "captcha.callback.public-url=https://your-server.com/captcha/callback",
    "captcha.callback.signature.keys.2026-11=${random.value}"
})
class CaptchaCallbackTest {

    @Autowired
    private Orders orders;

    @Autowired
    private MutableClock clock;

    private final MockMvcTester mvc;

    CaptchaCallbackTest(@Autowired WebApplicationContext context) {
        mvc = MockMvcTester.from(
                context, builder -> builder.apply(springSecurity()).build());
    }

    @TestConfiguration
    static class Time {

        @Bean
        MutableClock clock() {
            return new MutableClock(Instant.parse("2026-11-22T12:00:00Z"));
        }
    }

    @Test
    void aGenuineCallbackCompletesItsOrder() {
        IssuedCallback issued = orders.submit(pingback -> "70123456789");

        assertThat(mvc.perform(genuineCallback()
                        .answering(issued)
                        .taskId("70123456789")
                        .solution("an-answer")))
                .hasStatusOk()
                .bodyText()
                .isEqualTo("OK");

        assertThat(orders.answer(issued.reference())).isEqualTo("an-answer");
    }

    @Test
    void othersCompleteNothing() {
        assertThat(mvc.perform(forgedCallback())).hasStatus(403);
        assertThat(mvc.perform(expiredCallback())).hasStatus(403);
        assertThat(mvc.perform(replayedCallback())).hasStatus(409);
        assertThat(mvc.post().uri("/captcha/callback").with(forgedCallback())).hasStatus(403);
    }

    @Test
    void anOrderExpiresAfterTenMinutes() {
        IssuedCallback issued = orders.submit(pingback -> "70123456780");

        clock.advance(Duration.ofMinutes(11));

        assertThat(mvc.perform(genuineCallback().answering(issued).taskId("70123456780")))
                .hasStatus(403)
                .bodyJson()
                .extractingPath("error")
                .isEqualTo("expired");
    }
}
