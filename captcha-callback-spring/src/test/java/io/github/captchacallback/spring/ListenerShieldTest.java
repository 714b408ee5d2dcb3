package io.github.captchacallback.spring;

import static io.github.captchacallback.spring.TestApplication.PATH;
import static io.github.captchacallback.spring.TestApplication.solved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.Callback;
import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.spring.test.MutableClock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.AbstractAuthenticationEvent;
import org.springframework.security.authentication.event.AbstractAuthenticationFailureEvent;
import org.springframework.security.authentication.event.AuthenticationSuccessEvent;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tests what listeners of the application can rely on, and what they cannot break. */
@ExtendWith(OutputCaptureExtension.class)
class ListenerShieldTest {

    private static final String WARNING = "A listener of the application failed on ";

    @RestController
    static class Endpoint {

        @RequestMapping(PATH)
        String callback(Callback callback) {
            return callback.solution();
        }
    }

    /** Is written as the tutorials on logins have it. */
    static class Logins {

        private final List<String> addresses = new CopyOnWriteArrayList<>();

        @EventListener
        void on(AbstractAuthenticationEvent event) {
            WebAuthenticationDetails details = (WebAuthenticationDetails)
                    Objects.requireNonNull(event.getAuthentication().getDetails());
            addresses.add(details.getRemoteAddress());
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class WithLogins {

        @Bean
        Logins logins() {
            return new Logins();
        }
    }

    @Test
    void getWhenAListenerOfLoginsReadsTheDetailsThenTheyAreThoseOfTheRequestAndNoSessionIsMade() {
        try (TestApplication application = TestApplication.start(WithLogins.class)) {
            assertThat(application
                            .get(solved(application.issue(), "x"))
                            .headers()
                            .map())
                    .doesNotContainKey("set-cookie");
            application.get(PATH);

            assertThat(application.bean(Logins.class).addresses).containsExactly("127.0.0.1", "127.0.0.1");
        }
    }

    static class Failing {

        @EventListener
        void on(AuthenticationSuccessEvent event) {
            throw new IllegalStateException("out of order");
        }

        @EventListener
        void on(AbstractAuthenticationFailureEvent event) {
            throw new AssertionError("out of order");
        }

        @EventListener
        void on(CallbackEvent.Accepted event) {
            throw new AssertionError("out of order");
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class WithFailingListeners {

        @Bean
        Failing failing() {
            return new Failing();
        }
    }

    @Test
    void getWhenListenersFailThenNoVerdictChangesAndTheLogIsNotFilled(CapturedOutput output) {
        try (TestApplication application = TestApplication.start(WithFailingListeners.class)) {
            for (int i = 0; i < 5; i++) {
                assertThat(application.get(solved(application.issue(), "x")).body())
                        .isEqualTo("x");
                assertThat(application.get(PATH).statusCode()).isEqualTo(400);
            }
        }
        assertThat(output.toString().lines().filter(line -> line.contains(WARNING)))
                .hasSize(2)
                .anyMatch(line -> line.contains("an authentication event with java.lang.IllegalStateException at "))
                .anyMatch(line -> line.contains("CallbackEvent.Accepted with java.lang.AssertionError at "));
        assertThat(output).doesNotContain("out of order", "\tat ");
    }

    @Test
    void callWhenItFailsAgainThenOneLineAMinuteSaysHowOften(CapturedOutput output) {
        MutableClock clock = new MutableClock(Instant.parse("2026-11-22T12:00:00Z"));
        ListenerShield shield = new ListenerShield(clock);
        Runnable failing = () -> {
            throw new IllegalStateException("out of order");
        };

        for (int i = 0; i < 100; i++) {
            shield.call("an event", failing);
        }
        assertThat(output.toString().lines().filter(line -> line.contains(WARNING)))
                .hasSize(1);

        clock.advance(ThrottledWarning.INTERVAL);
        shield.call("an event", failing);
        assertThat(output.toString().lines().filter(line -> line.contains(WARNING)))
                .hasSize(2)
                .last()
                .asString()
                .contains("(99 more such warnings were left out)");
    }

    @Test
    void callWhenTheMachineFailsThenThatIsNotHidden() {
        assertThatThrownBy(() -> new ListenerShield().call("an event", () -> {
                    throw new OutOfMemoryError("on purpose");
                }))
                .isInstanceOf(OutOfMemoryError.class);
    }
}
