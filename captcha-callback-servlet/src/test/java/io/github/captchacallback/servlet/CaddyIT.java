package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.CADDY;

import io.github.captchacallback.settings.ForwardedHeader;

@NeedsPrograms(CADDY)
class CaddyIT extends SingleProxyContract {

    CaddyIT() {
        super(ForwardedHeader.X_FORWARDED_FOR, CADDY);
    }
}
