package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyProgram.HAPROXY;
import static io.github.captchacallback.servlet.ProxyProgram.NGINX;

@NeedsPrograms({NGINX, HAPROXY})
class HaproxyBeforeNginxIT extends TwoProxiesContract.OfTwoLists {

    HaproxyBeforeNginxIT() {
        super(HAPROXY, NGINX);
    }
}
