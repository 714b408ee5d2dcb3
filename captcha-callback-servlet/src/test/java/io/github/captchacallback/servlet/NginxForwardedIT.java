package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.NGINX;

import io.github.captchacallback.settings.ForwardedHeader;

@NeedsPrograms(NGINX)
class NginxForwardedIT extends SingleProxyContract {

    NginxForwardedIT() {
        super(ForwardedHeader.FORWARDED, NGINX);
    }
}
