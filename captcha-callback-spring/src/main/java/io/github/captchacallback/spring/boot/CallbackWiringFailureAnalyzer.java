package io.github.captchacallback.spring.boot;

import io.github.captchacallback.spring.CallbackWiringException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what would leave callbacks unguarded as one short message, in place of a stack trace. */
class CallbackWiringFailureAnalyzer extends AbstractFailureAnalyzer<CallbackWiringException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CallbackWiringException cause) {
        return new FailureAnalysis(cause.problem() + ".", cause.action() + ".", cause);
    }
}
