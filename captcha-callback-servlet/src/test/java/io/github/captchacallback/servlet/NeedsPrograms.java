package io.github.captchacallback.servlet;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips a class of tests where a program is missing, and says so in the build's output, which counts what was skipped alone. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPrograms.Condition.class)
@interface NeedsPrograms {

    ProxyProgram[] value();

    /** Looks for the programs. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String missing = AnnotationSupport.findAnnotation(context.getElement(), NeedsPrograms.class).stream()
                    .flatMap(needs -> Arrays.stream(needs.value()))
                    .filter(program -> program.find().isEmpty())
                    .map(ProxyProgram::debianPackage)
                    .collect(Collectors.joining(" and "));
            if (missing.isEmpty()) {
                return ConditionEvaluationResult.enabled("all programs are there");
            }
            String reason = context.getDisplayName() + " is skipped: there is no " + missing
                    + " on this machine; apt-get install " + missing.replace(" and ", " ");
            System.out.println(reason);
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
