package io.github.captchacallback.spring.test;

import io.github.captchacallback.Callback;
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
        context.setAuthentication(new CaptchaCallbackAuthentication(
                new Callback(annotation.taskId(), annotation.code(), annotation.reference(), now, now)));
        return context;
    }
}
