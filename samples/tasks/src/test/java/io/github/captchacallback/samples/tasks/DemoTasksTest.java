package io.github.captchacallback.samples.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.samples.simulator.CaptchaSimulator;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Says what becomes of a task that no service takes; the contracts say the rest. */
class DemoTasksTest {

    @Test
    void submitWhenNoServiceAnswersThenABadGateway() {
        CaptchaSimulator simulator = CaptchaSimulator.start(0);
        URI nobody = simulator.baseUri();
        simulator.close();
        try (CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/captcha/callback")
                .signingKey(Demo.KEY_ID, Demo.SECRET)
                .build()) {
            DemoTasks tasks = new DemoTasks(callbacks, new CaptchaService(nobody));

            assertThatThrownBy(() -> tasks.submit(name -> null))
                    .isInstanceOfSatisfying(
                            NotSubmittedException.class,
                            refused -> assertThat(refused.status()).isEqualTo(502))
                    .hasMessage("the service at " + nobody + " does not answer");
        }
    }
}
