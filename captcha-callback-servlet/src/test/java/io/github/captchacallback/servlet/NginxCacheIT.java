package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyDocument.SERVICE;
import static io.github.captchacallback.servlet.ProxyDocument.replace;
import static io.github.captchacallback.servlet.ProxyDocument.snippet;
import static io.github.captchacallback.servlet.ProxyProgram.NGINX;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@NeedsPrograms(NGINX)
class NginxCacheIT extends HttpCacheContract {

    private static final String LOCATION = "    location / {\n";

    /** Caches everything, as a site may. */
    private static final String CACHING = """
            proxy_cache_path /var/cache/nginx keys_zone=site:1m;
            proxy_cache site;
            proxy_cache_valid 1m;
            """;

    NginxCacheIT() {
        super(NGINX);
    }

    @Override
    String documented(String server) {
        return replace(undocumented(server), LOCATION, snippet("nginx-cache-off") + "\n" + LOCATION);
    }

    @Override
    String undocumented(String server) {
        return CACHING + server;
    }

    private String leavingHead(String server) {
        return replace(undocumented(server), LOCATION, LOCATION + snippet("nginx-cache-head") + "\n");
    }

    @Test
    void headWhenTheCacheLeavesItAsItIsThenItIsRefusedAndTheCallbackIsStillAccepted() {
        assertHeadArrivesAsHead(this::leavingHead);
    }

    @Test
    void getOfAnotherPageWhenTheCacheHasTheAnswerToItsHeadThenItHasItsBody() {
        try (ProxyChain chain = start(this::leavingHead)) {
            assertThat(chain.overHttps(SERVICE, Call.of("HEAD", "/seen")).body())
                    .isEmpty();
            assertThat(chain.overHttps(SERVICE, Call.get("/seen")).body()).isEqualTo(SERVICE);
        }
    }
}
