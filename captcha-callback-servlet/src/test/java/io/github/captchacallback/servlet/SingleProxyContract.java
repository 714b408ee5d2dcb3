package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyChain.assertAccepted;
import static io.github.captchacallback.servlet.ProxyDocument.SERVICE;
import static io.github.captchacallback.servlet.ProxyDocument.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.settings.ForwardedHeader;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Says what the only proxy may do as well: append to what the client has sent. */
abstract class SingleProxyContract extends ProxyContract {

    SingleProxyContract(ForwardedHeader header, ProxyProgram program) {
        super(header, program);
    }

    private Call asking(String forged) {
        return Call.get("/seen").header(header().headerName(), forged);
    }

    @Test
    void theProxyWhenItSetsTheHeaderThenNothingOfTheClientsArrives() {
        assertThat(chain().overHttps(STRANGER, asking(hop(SERVICE))).body()).isEqualTo(hop(STRANGER));
    }

    @Test
    void callbackWhenTheProxyAppendsThenTheClientIsTheLastHop() {
        try (ProxyChain appending = start(ProxyRole.APPENDS, Map.of())) {
            assertThat(appending.overHttps(STRANGER, asking(hop(SERVICE))).body())
                    .isEqualTo(hop(SERVICE) + ", " + hop(STRANGER));
            forgeries().forEach(headers -> {
                appending.assertRefused(
                        appending.overHttps(STRANGER, with(headers, appending.callback())), "forbidden", STRANGER);
                assertAccepted(appending.overHttps(SERVICE, with(headers, appending.callback())));
                appending.assertRefused(
                        appending.overHttp(SERVICE, with(headers, appending.callback())), "https required", SERVICE);
            });
        }
    }

    @Test
    void callbackWhenTheClientLeavesAQuoteOpenForTheProxyToCloseThen403() {
        String open = hop(SERVICE) + ";by=\"";
        try (ProxyChain appending = start(ProxyRole.APPENDS, Map.of("source.allow", SERVICE))) {
            Call forged = appending.callback().header(header().headerName(), open);

            assertThat(appending.overHttps(STRANGER, forged).status()).isEqualTo(403);
            if (Proxy.hasIpv6()) {
                assertThat(appending.overHttpsOnIpv6(forged).status()).isEqualTo(403);
            }
        }
    }
}
