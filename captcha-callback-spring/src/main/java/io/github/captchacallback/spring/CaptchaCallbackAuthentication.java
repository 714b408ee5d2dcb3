package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.Transient;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Says that a request is a genuine callback. The principal is the {@link Callback}, the one authority is
 * {@value #AUTHORITY}. It is transient: Spring Security never saves it to a session.
 */
@Transient
public final class CaptchaCallbackAuthentication extends AbstractAuthenticationToken {

    /** The authority by which access rules tell a callback. */
    public static final String AUTHORITY = "CAPTCHA_CALLBACK";

    @Serial
    private static final long serialVersionUID = 1L;

    private final Callback callback;

    /** Makes the authentication of a verified callback. */
    public CaptchaCallbackAuthentication(Callback callback) {
        super(AuthorityUtils.createAuthorityList(AUTHORITY));
        this.callback = callback;
        super.setAuthenticated(true);
    }

    /** Returns the authentication of a request's callback, with the details that listeners of logins expect. */
    static CaptchaCallbackAuthentication of(Callback callback, HttpServletRequest request) {
        CaptchaCallbackAuthentication authentication = new CaptchaCallbackAuthentication(callback);
        // This reads the id of a session if there is one, and makes none.
        authentication.setDetails(new WebAuthenticationDetails(request));
        return authentication;
    }

    @Override
    public Callback getPrincipal() {
        return callback;
    }

    /** Returns null: what proved the callback is spent, and is not kept. */
    @Override
    public @Nullable Object getCredentials() {
        return null;
    }

    @Override
    public String getName() {
        return callback.reference();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CaptchaCallbackAuthentication that
                && super.equals(other)
                && callback.equals(that.callback);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), callback);
    }
}
