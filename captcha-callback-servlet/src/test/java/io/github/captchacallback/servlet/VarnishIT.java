package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyDocument.replace;
import static io.github.captchacallback.servlet.ProxyProgram.NGINX;
import static io.github.captchacallback.servlet.ProxyProgram.VARNISHD;

import org.junit.jupiter.api.Test;

/** Varnish ends no TLS: nginx does, ahead of it. */
@NeedsPrograms({NGINX, VARNISHD})
class VarnishIT extends HttpCacheContract {

    VarnishIT() {
        super(NGINX, VARNISHD);
    }

    @Override
    String documented(String server) {
        return server;
    }

    @Override
    String undocumented(String server) {
        return replace(server, "return (pass);", "");
    }

    @Test
    void headWhenVarnishPipesItThenItIsRefusedAndTheCallbackIsStillAccepted() {
        assertHeadArrivesAsHead(server -> replace(server, "return (pass);", "return (pipe);"));
    }
}
