package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.Step;
import io.github.captchacallback.http.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BiConsumer;
import org.springframework.context.ApplicationContext;
import org.springframework.security.authentication.AuthenticationEventPublisher;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.authentication.DefaultAuthenticationEventPublisher;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/**
 * Publishes verdicts as Spring Security's authentication events, so that an existing audit also sees callbacks. The event of a
 * refused request carries the failed check and the path of the endpoint, and nothing else of the request but its
 * {@link WebAuthenticationDetails}.
 *
 * <p>A listener of the application that throws changes no verdict. A warning is logged, at most once a minute.
 */
public final class CallbackAuthenticationEvents implements BiConsumer<HttpServletRequest, Step> {

    private final AuthenticationEventPublisher publisher;
    private final String path;
    private final ListenerShield shield = new ListenerShield();

    private CallbackAuthenticationEvents(AuthenticationEventPublisher publisher, String path) {
        this.publisher = publisher;
        this.path = path;
    }

    /** Returns an observer for the filter of an endpoint. It publishes through the context's publisher of such events. */
    public static CallbackAuthenticationEvents of(ApplicationContext context, CallbackEndpoint endpoint) {
        return new CallbackAuthenticationEvents(
                context.getBeanProvider(AuthenticationEventPublisher.class)
                        .getIfUnique(() -> new DefaultAuthenticationEventPublisher(context)),
                endpoint.path());
    }

    @Override
    public void accept(HttpServletRequest request, Step step) {
        shield.call("an authentication event", () -> publish(request, step));
    }

    private void publish(HttpServletRequest request, Step step) {
        if (step instanceof Step.PassOn accepted) {
            accepted(request, accepted.callback());
        } else if (step instanceof Step.Answer answer && answer.verdict() instanceof Verdict.Accepted accepted) {
            accepted(request, accepted.callback());
        } else if (step instanceof Step.Answer answer && answer.verdict() instanceof Verdict.Refused refused) {
            refused(request, refused.refusal());
        }
    }

    private void accepted(HttpServletRequest request, Callback callback) {
        publisher.publishAuthenticationSuccess(CaptchaCallbackAuthentication.of(callback, request));
    }

    private void refused(HttpServletRequest request, Refusal refusal) {
        PreAuthenticatedAuthenticationToken attempt = new PreAuthenticatedAuthenticationToken(path, refusal.error());
        attempt.setDetails(new WebAuthenticationDetails(request));
        publisher.publishAuthenticationFailure(exception(refusal), attempt);
    }

    private static AuthenticationException exception(Refusal refusal) {
        return switch (refusal) {
            case EXPIRED -> new CredentialsExpiredException(refusal.reason());
            case UNAVAILABLE -> new AuthenticationServiceException(refusal.reason());
            default -> new BadCredentialsException(refusal.reason());
        };
    }
}
