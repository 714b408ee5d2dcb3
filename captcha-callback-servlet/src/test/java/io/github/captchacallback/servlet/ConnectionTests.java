package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.AnswerTests.assertRefused;
import static io.github.captchacallback.servlet.Webapp.CODE;
import static io.github.captchacallback.servlet.Webapp.TASK_ID;
import static io.github.captchacallback.servlet.Webapp.genuine;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Says whom a connection comes from and whether it is HTTPS, with proxies in between and without. */
interface ConnectionTests extends WebappTests {

    String SERVICE = "138.201.0.0/16";
    int PROXY = 1;
    int STRANGER = 2;

    @Test
    default void callbackWhenItComesByHttpsStraightToTheContainerThenItIsAccepted() {
        webapp().set("require-https", "true").https().start();
        String issued = webapp().issue();

        webapp().assertAccepts(issued);
        webapp().assertClaimed(issued);
        assertThat(webapp().send(Call.post(webapp().issue(), "id=" + TASK_ID + "&code=" + CODE))
                        .status())
                .isEqualTo(200);
    }

    @Test
    default void callbackWhenAStrangerSaysThatItWasHttpsThen403() {
        webapp().set("require-https", "true")
                .set("source.trusted-proxies", "127.0.0." + PROXY)
                .start();
        Call call = Call.get(genuine(webapp().issue()))
                .header("X-Forwarded-For", "138.201.1.1")
                .header("X-Forwarded-Proto", "https");

        assertRefused(webapp().send(call.from(STRANGER)), 403, "https required");
        assertThat(webapp().send(call.from(PROXY)).status()).isEqualTo(200);
    }

    @Test
    default void callbackWhenAProxySaysThatItWasPlainHttpThen403() {
        webapp().set("require-https", "true")
                .set("source.trusted-proxies", "127.0.0." + PROXY)
                .https()
                .start();
        Call call = Call.get(genuine(webapp().issue())).header("X-Forwarded-For", "138.201.1.1");

        assertRefused(webapp().send(call.header("X-Forwarded-Proto", "http")), 403, "https required");
        assertThat(webapp().send(call).status()).isEqualTo(200);
    }

    @Test
    default void callbackWhenThePeerItselfIsAllowedThenOthersAreNot() {
        webapp().set("source.allow", "127.0.0." + PROXY).start();
        Call call = Call.get(genuine(webapp().issue()));

        assertRefused(webapp().send(call.from(STRANGER)), 403, "forbidden");
        assertThat(webapp().send(call.from(PROXY)).status()).isEqualTo(200);
    }

    @Test
    default void callbackWhenAStrangerForgesTheServicesAddressThen403() {
        webapp().set("source.allow", SERVICE)
                .set("source.trusted-proxies", "127.0.0." + PROXY)
                .start();
        Call call = Call.get(genuine(webapp().issue())).header("X-Forwarded-For", "138.201.1.1");

        assertRefused(webapp().send(call.from(STRANGER)), 403, "forbidden");
        assertThat(webapp().send(call.from(PROXY)).status()).isEqualTo(200);
    }

    @Test
    default void callbackWhenNoProxyIsTrustedThenItsHeaderCountsForNothing() {
        webapp().set("source.allow", SERVICE).start();

        assertRefused(
                webapp().send(Call.get(genuine(webapp().issue())).header("X-Forwarded-For", "138.201.1.1")),
                403,
                "forbidden");
    }

    /** Pitfall 8: as Spring's ForwardedHeaderFilter and Tomcat's RemoteIpFilter do, by what the client says of itself. */
    @Test
    default void callbackWhenAFilterAheadShowsAnotherClientAndPathThenWhatWasSentIsJudged() {
        webapp().set("source.allow", SERVICE)
                .declare(context -> webapp().map(context.addFilter("ahead", new BelievingFilter())))
                .start();
        String forged = Webapp.PATH + "?id=1&code=2";

        assertRefused(webapp().send(Call.get(genuine(webapp().issue()))), 403, "forbidden");
        assertRefused(webapp().send(Call.get(forged).header(BelievingFilter.PREFIX, "/elsewhere")), 403, "forbidden");
    }

    /** Shows every client as the service, by HTTPS, and a path behind whatever prefix it asks for. */
    @SuppressWarnings("serial")
    final class BelievingFilter extends HttpFilter {

        static final String PREFIX = "X-Forwarded-Prefix";

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            chain.doFilter(
                    new HttpServletRequestWrapper(request) {
                        @Override
                        public String getRemoteAddr() {
                            return "138.201.1.1";
                        }

                        @Override
                        public boolean isSecure() {
                            return true;
                        }

                        @Override
                        public String getRequestURI() {
                            String prefix = getHeader(PREFIX);
                            return (prefix == null ? "" : prefix) + super.getRequestURI();
                        }
                    },
                    response);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "138.201.1.1 | 200",
                "138.201.1.1:4711 | 200",
                "::ffff:138.201.1.1 | 200",
                "6.6.6.6, 138.201.1.1 | 200",
                "nonsense, 138.201.1.1 | 200",
                "138.201.1.1, 127.0.0.1 | 200",
                "138.201.1.1, 6.6.6.6 | 403",
                "138.201.1.1, nonsense | 403",
                "138.201.1.1, | 403",
                "127.0.0.1 | 403",
                "nonsense | 403",
            })
    default void callbackWhenAProxyForwardsItThenTheHopsAreReadFromTheRight(String hops, int status) {
        webapp().set("source.allow", SERVICE)
                .set("source.trusted-proxies", "127.0.0." + PROXY)
                .start();

        assertThat(webapp().send(Call.get(genuine(webapp().issue())).header("X-Forwarded-For", hops))
                        .status())
                .isEqualTo(status);
    }

    @Test
    default void callbackWhenTheHeaderIsRepeatedThenItsOccurrencesAreJoinedInOrder() {
        webapp().set("source.allow", SERVICE)
                .set("source.trusted-proxies", "127.0.0." + PROXY)
                .start();
        Call call = Call.get(genuine(webapp().issue()));

        assertThat(webapp().send(call.header("X-Forwarded-For", "138.201.1.1").header("x-forwarded-for", "6.6.6.6"))
                        .status())
                .isEqualTo(403);
        assertThat(webapp().send(call.header("X-Forwarded-For", "6.6.6.6").header("x-forwarded-for", "138.201.1.1"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    default void callbackWhenTheProxyWritesTheStandardsHeaderThenThatOneCounts() {
        webapp().set("require-https", "true")
                .set("source.allow", SERVICE)
                .set("source.trusted-proxies", "127.0.0." + PROXY)
                .set("source.forwarded-header", "Forwarded")
                .start();
        Call call = Call.get(genuine(webapp().issue()));

        assertRefused(
                webapp().send(call.header("X-Forwarded-For", "138.201.1.1").header("X-Forwarded-Proto", "https")),
                403,
                "https required");
        assertThat(webapp().send(call.header("Forwarded", "for=\"138.201.1.1:4711\";proto=https"))
                        .status())
                .isEqualTo(200);
    }
}
