package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.HAPROXY;

import io.github.captchacallback.settings.ForwardedHeader;

@NeedsPrograms(HAPROXY)
class HaproxyIT extends SingleProxyContract {

    HaproxyIT() {
        super(ForwardedHeader.X_FORWARDED_FOR, HAPROXY);
    }
}
