package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.CADDY;

import io.github.captchacallback.settings.ForwardedHeader;

@NeedsPrograms(CADDY)
class CaddyForwardedIT extends SingleProxyContract {

    CaddyForwardedIT() {
        super(ForwardedHeader.FORWARDED, CADDY);
    }
}
