package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.APACHE2;

import io.github.captchacallback.settings.ForwardedHeader;

@NeedsPrograms(APACHE2)
class Apache2IT extends SingleProxyContract {

    Apache2IT() {
        super(ForwardedHeader.X_FORWARDED_FOR, APACHE2);
    }
}
