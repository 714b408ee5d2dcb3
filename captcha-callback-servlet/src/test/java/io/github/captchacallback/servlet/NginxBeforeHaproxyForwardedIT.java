package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.HAPROXY;
import static io.github.captchacallback.servlet.ProxyProgram.NGINX;

import io.github.captchacallback.settings.ForwardedHeader;

@NeedsPrograms({NGINX, HAPROXY})
class NginxBeforeHaproxyForwardedIT extends TwoProxiesContract {

    NginxBeforeHaproxyForwardedIT() {
        super(ForwardedHeader.FORWARDED, NGINX, HAPROXY);
    }
}
