package io.github.captchacallback.spring.test;

import io.github.captchacallback.Callback;
import io.github.captchacallback.provider.TaskResult;
import io.github.captchacallback.spring.CaptchaCallbackAuthentication;
import java.time.Instant;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.test.context.support.WithSecurityContextFactory;

/** Makes the security context that {@link WithMockCaptchaCallback} asks for. */
final class MockCallbackSecurityContext implements WithSecurityContextFactory<WithMockCaptchaCallback> {

    @Override
    public SecurityContext createSecurityContext(WithMockCaptchaCallback annotation) {
        Instant now = Instant.now();
        SecurityContext context =
                SecurityContextHolder.getContextHolderStrategy().createEmptyContext();
        TaskResult result = annotation.error().isEmpty()
                ? new TaskResult.Solution(annotation.solution())
                : new TaskResult.Failure(annotation.error());
        context.setAuthentication(new CaptchaCallbackAuthentication(
                new Callback(annotation.taskId(), result, annotation.reference(), now, now)));
        return context;
    }
}
