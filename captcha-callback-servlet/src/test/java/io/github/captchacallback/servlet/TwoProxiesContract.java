package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyChain.assertAccepted;
import static io.github.captchacallback.servlet.ProxyDocument.OUTERMOST;
import static io.github.captchacallback.servlet.ProxyDocument.SECOND;
import static io.github.captchacallback.servlet.ProxyDocument.SERVICE;
import static io.github.captchacallback.servlet.ProxyDocument.STRANGER;

import io.github.captchacallback.settings.ForwardedHeader;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Says what else counts where one proxy stands behind another. */
abstract class TwoProxiesContract extends ProxyContract {

    TwoProxiesContract(ForwardedHeader header, ProxyProgram outermost, ProxyProgram second) {
        super(header, outermost, second);
    }

    private static Answer atTheSecond(ProxyChain chain, String client, Call call) {
        return call.send(Proxy.address(client), chain.innermost().http(), false);
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void callbackWhenAStrangerPassesTheOutermostByThen403(Map<String, String> headers) {
        chain().assertRefused(
                        atTheSecond(chain(), STRANGER, with(headers, chain().callback())), "https required", STRANGER);
    }

    @Test
    void callbackWhenPlainHttpIsEnoughThenTheOutermostIsStillNotPassedBy() {
        assertForgeriesForbidden(
                Map.of("require-https", "false"), (chain, call) -> atTheSecond(chain, STRANGER, call), STRANGER);
    }

    @Test
    void callbackWhenOnlyTheSecondIsTrustedThenTheOutermostIsTheClient() {
        try (ProxyChain strict = start(ProxyRole.SETS, Map.of("source.trusted-proxies", SECOND));
                ProxyChain lenient =
                        start(ProxyRole.SETS, Map.of("source.trusted-proxies", SECOND, "require-https", "false"))) {
            strict.assertRefused(strict.overHttps(SERVICE, strict.callback()), "https required", OUTERMOST);
            lenient.assertRefused(lenient.overHttps(SERVICE, lenient.callback()), "forbidden", OUTERMOST);
        }
    }

    @Test
    void callbackWhenOnlyTheOutermostIsTrustedThenTheSecondIsTheClient() {
        try (ProxyChain lenient =
                start(ProxyRole.SETS, Map.of("source.trusted-proxies", OUTERMOST, "require-https", "false"))) {
            lenient.assertRefused(lenient.overHttps(SERVICE, lenient.callback()), "forbidden", SECOND);
        }
    }

    /** Says what becomes of a header that is two lists, of which the outermost appends to one. */
    abstract static class OfTwoLists extends TwoProxiesContract {

        OfTwoLists(ProxyProgram outermost, ProxyProgram second) {
            super(ForwardedHeader.X_FORWARDED_FOR, outermost, second);
        }

        @Test
        void callbackWhenTheOutermostAppendsThenWhoSendsTheHeaderIsRefused() {
            try (ProxyChain appending = start(ProxyRole.APPENDS, Map.of())) {
                Call sent = appending.callback().header("X-Forwarded-For", SERVICE);

                appending.assertRefused(appending.overHttps(STRANGER, sent), "https required", STRANGER);
                appending.assertRefused(appending.overHttps(SERVICE, sent), "https required", SERVICE);
                assertAccepted(appending.overHttps(SERVICE, appending.callback()));
            }
        }
    }
}
