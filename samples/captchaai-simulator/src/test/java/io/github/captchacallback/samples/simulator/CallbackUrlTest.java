package io.github.captchacallback.samples.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost",
                "http://LocalHost:8080/callback?token=t",
                "HTTP://127.0.0.1:65535/",
                "https://127.255.255.254/callback/token",
                "http://[::1]:8080/callback"
            })
    void parseWhenHostIsLoopbackThenAccepts(String url) throws Exception {
        assertThat(CallbackUrl.parse(url).uri()).hasToString(url);
    }

    @Test
    void parseWhenUrlHasOtherCharactersThenEncodesThem() throws Exception {
        assertThat(CallbackUrl.parse("http://localhost/ü?ä=1").uri()).hasToString("http://localhost/%C3%BC?%C3%A4=1");
    }

    @Test
    void toStringThenHidesPathAndQuery() throws Exception {
        assertThat(CallbackUrl.parse("http://localhost:8080/secret?token=secret"))
                .hasToString("http://localhost:8080");
    }
}
