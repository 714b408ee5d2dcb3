package io.github.captchacallback.samples.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CaptchaSimulatorTest {

    @Test
    void startWhenPortIsZeroThenListensOnAFreePortOfTheLoopbackInterface() throws Exception {
        try (CaptchaSimulator simulator = CaptchaSimulator.start(0)) {
            assertThat(simulator.port()).isPositive();
            assertThat(simulator.baseUri()).hasToString("http://127.0.0.1:" + simulator.port());
            assertThat(new ServiceClient(simulator.baseUri()).submit()).isNotEmpty();
        }
    }

    @Test
    void startWhenPortIsTakenThenNamesIt() {
        try (CaptchaSimulator simulator = CaptchaSimulator.start(0)) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> CaptchaSimulator.start(simulator.port()))
                    .withMessageStartingWith("Cannot listen on 127.0.0.1:" + simulator.port());
        }
    }

    @Test
    void startWhenPortIsOutOfRangeThenRefuses() {
        assertThatIllegalArgumentException().isThrownBy(() -> CaptchaSimulator.start(65_536));
    }

    @Test
    void closeThenStopsListeningAndMayBeRepeated() {
        CaptchaSimulator simulator = CaptchaSimulator.start(0);
        ServiceClient client = new ServiceClient(simulator.baseUri());

        simulator.close();
        simulator.close();

        assertThatExceptionOfType(ConnectException.class).isThrownBy(client::submit);
    }

    @Test
    void closeWhenADeliveryIsOnItsWayThenEndsIt() throws Exception {
        try (CallbackReceiver receiver = new CallbackReceiver()) {
            receiver.answersWith(200, new CompletableFuture<>());
            CaptchaSimulator simulator = CaptchaSimulator.start(0);
            new ServiceClient(simulator.baseUri())
                    .submit("pingback", receiver.url("/cb"), "sim_delay", "0", "sim_deliver", "twice");
            receiver.next();

            simulator.close();

            assertThat(simulator.deliveries()).isEmpty();
            assertThat(receiver.hasMore()).isFalse();
        }
    }

    @Test
    void usageThenNamesTheAddressAndEveryParameter() {
        try (CaptchaSimulator simulator = CaptchaSimulator.start(0)) {
            assertThat(Usage.of(simulator.baseUri()))
                    .contains(simulator.baseUri() + "/in.php", simulator.baseUri() + "/res.php")
                    .contains("sim_deliver", "sim_method", "sim_outcome", "sim_delay", "sim_code");
        }
    }
}
