package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.HAPROXY;
import static io.github.captchacallback.servlet.ProxyProgram.NGINX;

@NeedsPrograms({NGINX, HAPROXY})
class NginxBeforeHaproxyIT extends TwoProxiesContract.OfTwoLists {

    NginxBeforeHaproxyIT() {
        super(NGINX, HAPROXY);
    }
}
