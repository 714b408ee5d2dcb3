package io.github.captchacallback.spring.test;

import io.github.captchacallback.Callback;
import io.github.captchacallback.spring.CaptchaCallbackAuthentication;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.security.test.context.support.TestExecutionEvent;
import org.springframework.security.test.context.support.WithSecurityContext;

/**
 * Runs a test as if a genuine callback were being handled: its authentication is a {@link CaptchaCallbackAuthentication},
 * its principal a {@link Callback}. This is for what lies behind the endpoint, such as methods with {@code @PreAuthorize}; the
 * endpoint itself lets nothing through but real callbacks, see {@link MockCallback}.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@WithSecurityContext(factory = MockCallbackSecurityContext.class)
public @interface WithMockCaptchaCallback {

    /** Returns the service's id of the task. */
    String taskId() default "70123456789";

    /** Returns the solution, unless there is an {@link #error()}. */
    String solution() default "an-answer";

    /** Returns the error code of a task that failed, such as {@code ERROR_CAPTCHA_UNSOLVABLE}; empty if it was solved. */
    String error() default "";

    /** Returns the submission's reference. */
    String reference() default "a-reference-of-a-test1";

    /** Returns when the authentication is put in place; before {@code @BeforeEach} unless given. */
    @AliasFor(annotation = WithSecurityContext.class)
    TestExecutionEvent setupBefore() default TestExecutionEvent.TEST_METHOD;
}
