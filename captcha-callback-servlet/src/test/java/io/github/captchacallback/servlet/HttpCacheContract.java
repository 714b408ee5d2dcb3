package io.github.captchacallback.servlet;

import static io.github.captchacallback.servlet.ProxyChain.assertAccepted;
import static io.github.captchacallback.servlet.ProxyDocument.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.settings.ForwardedHeader;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Describes what an HTTP cache between the service and the filter makes of a HEAD, such as a link preview sends: with the document's
 * configuration nothing, and without it a GET that uses up the callback.
 */
abstract class HttpCacheContract {

    private final List<ProxyProgram> programs;

    HttpCacheContract(ProxyProgram... programs) {
        this.programs = List.of(programs);
    }

    /** Returns the document's server of the cache, which keeps callbacks out of the cache. */
    abstract String documented(String server);

    /** Returns the same server as it would be without the document. */
    abstract String undocumented(String server);

    final ProxyChain start(UnaryOperator<String> server) {
        return new ProxyChain(programs, ProxyRole.SETS, ForwardedHeader.X_FORWARDED_FOR, Map.of(), server);
    }

    /** Sends HEAD with the URL of a genuine callback. */
    private static Answer head(ProxyChain chain, Call callback) {
        Call head = new Call(callback.head().replaceFirst("^GET ", "HEAD "), "", 1, false);
        return chain.overHttps(SERVICE, head);
    }

    /** Asserts that a HEAD comes to the filter as one, is refused, and leaves the callback to whom it belongs. */
    final void assertHeadArrivesAsHead(UnaryOperator<String> server) {
        try (ProxyChain chain = start(server)) {
            Call callback = chain.callback();

            assertThat(head(chain, callback).status()).isEqualTo(405);
            assertAccepted(chain.overHttps(SERVICE, callback));
        }
    }

    @Test
    void headWhenTheCacheIsConfiguredAsDocumentedThenItIsRefusedAndTheCallbackIsStillAccepted() {
        assertHeadArrivesAsHead(this::documented);
    }

    @Test
    void headWhenTheCacheCoversTheCallbacksPathThenItArrivesAsGetAndTheCallbackIsUsedUp() {
        try (ProxyChain chain = start(this::undocumented)) {
            Call callback = chain.callback();

            assertThat(head(chain, callback).status()).isEqualTo(200);
            assertThat(chain.webapp().handled()).hasSize(1);
            assertThat(chain.overHttps(SERVICE, callback).status()).isEqualTo(409);
        }
    }

    @Test
    void callbackWhenTheCacheIsConfiguredAsDocumentedThenEachArrivesOnceAndNoAnswerIsCached() {
        try (ProxyChain chain = start(this::documented)) {
            for (int each = 0; each < 3; each++) {
                Call callback = chain.callback();
                assertAccepted(chain.overHttps(SERVICE, callback));
                assertThat(chain.overHttps(SERVICE, callback).status()).isEqualTo(409);
                assertAccepted(chain.overHttps(
                        SERVICE, Call.post(chain.webapp().issue(), "id=" + Webapp.TASK_ID + "&code=" + Webapp.CODE)));
            }
            assertThat(chain.webapp().handled()).hasSize(6);
        }
    }
}
