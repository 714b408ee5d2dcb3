package io.github.captchacallback.samples.lines;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Says what an operator reads on each line of Boot who has forgotten the key. */
class MissingKeyIT {

    @ParameterizedTest
    @ValueSource(strings = {"boot-3.5-tomcat", "boot-4.0-tomcat", "boot-4.1-tomcat"})
    void startWhenTheKeyIsMissingThenItFailsAndNamesTheMend(String name) {
        try (BootLine line = BootLine.launch(name, null)) {
            assertThat(line.exitCode()).isEqualTo(1);
            assertThat(line.log())
                    .contains(
                            "APPLICATION FAILED TO START",
                            "signature.keys.k1: the environment variable CAPTCHA_SECRET is not set",
                            "Set the environment variable CAPTCHA_SECRET to at least 32 random bytes");
        }
    }
}
