package io.github.captchacallback.spring.boot;

import io.github.captchacallback.settings.CallbackSettingsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a setting that stops the start as one short message, in place of a stack trace. */
class CallbackSettingsFailureAnalyzer extends AbstractFailureAnalyzer<CallbackSettingsException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CallbackSettingsException cause) {
        return new FailureAnalysis(cause.problem() + ".", cause.action() + ".", cause);
    }
}
