package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.NGINX;

import io.github.captchacallback.settings.ForwardedHeader;

@NeedsPrograms(NGINX)
class NginxIT extends SingleProxyContract {

    NginxIT() {
        super(ForwardedHeader.X_FORWARDED_FOR, NGINX);
    }
}
