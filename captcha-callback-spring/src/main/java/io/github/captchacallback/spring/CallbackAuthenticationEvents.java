package io.github.captchacallback.spring;

import io.github.captchacallback.Refusal;
import org.springframework.security.authentication.AuthenticationEventPublisher;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/**
 * Tells of verdicts as Spring Security tells of every authentication, so that an audit that listens to its events hears of
 * callbacks as well. Of a refused request nothing is told but the check that failed, and at which endpoint.
 */
record CallbackAuthenticationEvents(AuthenticationEventPublisher publisher) {

    void accepted(CaptchaCallbackAuthentication authentication) {
        publisher.publishAuthenticationSuccess(authentication);
    }

    void refused(Refusal refusal, String path) {
        publisher.publishAuthenticationFailure(
                exception(refusal), new PreAuthenticatedAuthenticationToken(path, refusal.error()));
    }

    private static AuthenticationException exception(Refusal refusal) {
        return switch (refusal) {
            case EXPIRED -> new CredentialsExpiredException(refusal.reason());
            case UNAVAILABLE -> new AuthenticationServiceException(refusal.reason());
            default -> new BadCredentialsException(refusal.reason());
        };
    }
}
