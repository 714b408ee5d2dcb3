package io.github.captchacallback.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.settings.CallbackSettingsException;
import java.util.Objects;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

class CallbackSettingsFailureAnalyzerTest {

    @Test
    void analyzeWhenASettingCannotBeUsedThenSaysWhatIsWrongAndWhatToWrite() {
        CallbackSettingsException cause =
                new CallbackSettingsException("replay.lease", "5", "this is no duration in range", "Write 5s");

        FailureAnalysis analysis = Objects.requireNonNull(
                new CallbackSettingsFailureAnalyzer().analyze(new BeanCreationException("bean", "message", cause)));

        assertThat(analysis.getDescription())
                .isEqualTo("captcha.callback.replay.lease = '5': this is no duration in range.");
        assertThat(analysis.getAction()).isEqualTo("Write 5s.");
        assertThat(analysis.getCause()).isSameAs(cause);
    }

    @Test
    void analyzeWhenSomethingElseFailedThenLeavesItToOthers() {
        assertThat(new CallbackSettingsFailureAnalyzer().analyze(new IllegalArgumentException("something else")))
                .isNull();
    }

    @Test
    void bootThenFindsTheAnalyzer() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation(getClass().getClassLoader())
                        .load(
                                FailureAnalyzer.class,
                                SpringFactoriesLoader.FailureHandler.logging(LogFactory.getLog(getClass()))))
                .hasAtLeastOneElementOfType(CallbackSettingsFailureAnalyzer.class);
    }
}
