package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.APACHE2;

import io.github.captchacallback.settings.ForwardedHeader;

@NeedsPrograms(APACHE2)
class Apache2ForwardedIT extends SingleProxyContract {

    Apache2ForwardedIT() {
        super(ForwardedHeader.FORWARDED, APACHE2);
    }
}
