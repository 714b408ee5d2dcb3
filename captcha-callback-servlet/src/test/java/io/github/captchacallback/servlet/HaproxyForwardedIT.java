package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.HAPROXY;

import io.github.captchacallback.settings.ForwardedHeader;

@NeedsPrograms(HAPROXY)
class HaproxyForwardedIT extends SingleProxyContract {

    HaproxyForwardedIT() {
        super(ForwardedHeader.FORWARDED, HAPROXY);
    }
}
