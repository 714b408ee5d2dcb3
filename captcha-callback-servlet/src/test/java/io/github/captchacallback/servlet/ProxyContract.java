package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyChain.assertAccepted;
import static io.github.captchacallback.servlet.ProxyDocument.OUTERMOST;
import static io.github.captchacallback.servlet.ProxyDocument.SERVICE;
import static io.github.captchacallback.servlet.ProxyDocument.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.captchacallback.settings.ForwardedHeader;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Says whom the filter takes a client for that comes through proxies of ours, configured as {@code docs/proxies.md} has it.
 * A test of one proxy or two extends it, and starts them once for all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProxyContract {

    private static final String NOBODY = "192.0.2.1";
    private static final String LONG_CODE = "a".repeat(14_000);
    private static final String IPV6_LOOPBACK = "0:0:0:0:0:0:0:1";

    private final ForwardedHeader header;
    private final List<ProxyProgram> programs;
    private final ProxyChain chain;

    ProxyContract(ForwardedHeader header, ProxyProgram... programs) {
        this.header = header;
        this.programs = List.of(programs);
        this.chain = start(ProxyRole.SETS, Map.of());
    }

    @AfterAll
    final void stop() {
        chain.close();
    }

    /** Starts the same proxies with other settings of the filter. */
    final ProxyChain start(ProxyRole outermost, Map<String, String> settings) {
        return new ProxyChain(programs, outermost, header, settings);
    }

    final ProxyChain chain() {
        return chain;
    }

    final ForwardedHeader header() {
        return header;
    }

    /** Returns what a proxy writes, or a client, for a hop that came by HTTPS. */
    final String hop(String address) {
        return header == ForwardedHeader.FORWARDED ? "for=" + address + ";proto=https" : address;
    }

    /** Returns headers that say of a client that it is the service, or came by HTTPS. */
    static Stream<Map<String, String>> forgeries() {
        return Stream.of(
                Map.of("X-Forwarded-For", SERVICE, "X-Forwarded-Proto", "https"),
                Map.of("X-Forwarded-For", SERVICE + ", " + OUTERMOST, "X-Forwarded-Proto", "https, https"),
                Map.of("X-Forwarded-For", SERVICE + ", " + SERVICE, "x-forwarded-for", SERVICE),
                Map.of(
                        "X-Forwarded-For",
                        SERVICE,
                        "Connection",
                        "close, X-Forwarded-For, X-Forwarded-Proto, Forwarded"),
                Map.of("X-Forwarded-Proto", "https"),
                Map.of("X-Forwarded-Proto", "https, https"),
                Map.of("Forwarded", "for=" + SERVICE + ";proto=https"),
                Map.of("Forwarded", "for=" + SERVICE + ";proto=https, for=" + OUTERMOST + ";proto=https"),
                Map.of("Forwarded", "for=\"" + SERVICE + ":443\";proto=https,"),
                Map.of("Forwarded", "proto=https"));
    }

    static Call with(Map<String, String> headers, Call call) {
        Call forged = call;
        for (Map.Entry<String, String> forgery : headers.entrySet()) {
            forged = forged.header(forgery.getKey(), forgery.getValue());
        }
        return forged;
    }

    @Test
    void callbackThenTheAccessLogsHoldThePathAndNeitherTokenNorAnswer() {
        Call call = chain.callback();
        assertAccepted(chain.overHttps(SERVICE, call));

        for (Proxy proxy : List.of(chain.outermost(), chain.innermost())) {
            assertThat(proxy.awaitLogged("GET", Webapp.PATH))
                    .doesNotContain("token", "v1.", Webapp.TASK_ID, Webapp.CODE);
        }
    }

    /** Asserts that under other settings no forged header gets a client through that comes in a certain way. */
    final void assertForgeriesForbidden(
            Map<String, String> settings, BiFunction<ProxyChain, Call, Answer> way, String client) {
        try (ProxyChain others = start(ProxyRole.SETS, settings)) {
            forgeries()
                    .forEach(headers -> others.assertRefused(
                            way.apply(others, with(headers, others.callback())), "forbidden", client));
        }
    }

    @Test
    void callbackWhenTheServiceComesByHttpsThenItIsAcceptedOnce() {
        Call callback = chain.callback();

        assertAccepted(chain.overHttps(SERVICE, callback));
        assertThat(chain.overHttps(SERVICE, callback).status()).isEqualTo(409);
        chain.takeRefusal();
        assertAccepted(chain.overHttps(
                SERVICE, Call.post(chain.webapp().issue(), "id=" + Webapp.TASK_ID + "&code=" + Webapp.CODE)));
    }

    @Test
    void callbackWhenAStrangerComesThen403() {
        chain.assertRefused(chain.overHttps(STRANGER, chain.callback()), "forbidden", STRANGER);
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void callbackWhenAStrangerForgesTheServicesAddressThen403(Map<String, String> headers) {
        chain.assertRefused(chain.overHttps(STRANGER, with(headers, chain.callback())), "forbidden", STRANGER);
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void callbackWhenTheServiceItselfSendsHeadersThenTheyCountForNothing(Map<String, String> headers) {
        assertAccepted(chain.overHttps(SERVICE, with(headers, chain.callback())));
    }

    @Test
    void callbackWhenTheServiceComesByPlainHttpThen403() {
        chain.assertRefused(chain.overHttp(SERVICE, chain.callback()), "https required", SERVICE);
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void callbackWhenAClientSaysOfPlainHttpThatItWasHttpsThen403(Map<String, String> headers) {
        chain.assertRefused(chain.overHttp(SERVICE, with(headers, chain.callback())), "https required", SERVICE);
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void callbackWhenAStrangerPassesTheProxiesByThenNothingThatItSaysCounts(Map<String, String> headers) {
        chain.assertRefused(chain.direct(STRANGER, with(headers, chain.callback())), "https required", STRANGER);
    }

    @Test
    void callbackWhenNoProxyIsTrustedThenItCameFromTheLastOneInClear() {
        String last = chain.innermost().http().getHostString();
        try (ProxyChain strict = start(ProxyRole.SETS, Map.of("source.trusted-proxies", NOBODY));
                ProxyChain lenient =
                        start(ProxyRole.SETS, Map.of("source.trusted-proxies", NOBODY, "require-https", "false"))) {
            strict.assertRefused(strict.overHttps(SERVICE, strict.callback()), "https required", last);
            lenient.assertRefused(lenient.overHttps(SERVICE, lenient.callback()), "forbidden", last);
        }
    }

    @Test
    void callbackWhenPlainHttpIsEnoughThenTheProxiesAreStillNotPassedBy() {
        assertForgeriesForbidden(
                Map.of("require-https", "false"), (others, call) -> others.direct(STRANGER, call), STRANGER);
    }

    @Test
    void callbackWhenItsCodeIsLongThenNoProxyRefusesIt() {
        Call callback = Call.get(chain.webapp().issue() + "&id=" + Webapp.TASK_ID + "&code=" + LONG_CODE);

        assertAccepted(chain.overHttps(SERVICE, callback));
    }

    private static void assumeIpv6() {
        if (!Proxy.hasIpv6()) {
            System.out.println("Proxies are not tested with IPv6: this machine has no ::1");
        }
        assumeTrue(Proxy.hasIpv6());
    }

    @Test
    void callbackWhenTheServiceComesByIpv6ThenItIsAccepted() {
        assumeIpv6();

        assertAccepted(chain.overHttpsOnIpv6(chain.callback()));
    }

    @Test
    void callbackWhenAStrangerComesByIpv6Then403() {
        assumeIpv6();
        assertForgeriesForbidden(Map.of("source.allow", SERVICE), ProxyChain::overHttpsOnIpv6, IPV6_LOOPBACK);
    }
}
