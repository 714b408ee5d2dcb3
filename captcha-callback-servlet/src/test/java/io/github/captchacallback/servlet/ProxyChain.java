package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CallbackEvent;
import io.github.captchacallback.settings.ForwardedHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Runs the webapp behind one proxy or two, the outermost of which ends TLS. */
final class ProxyChain implements AutoCloseable {

    private final TestContainer container = new TomcatContainer();
    private final Webapp webapp = new Webapp(container);
    private final List<Proxy> innermostFirst = new ArrayList<>();

    /**
     * Starts the webapp and its proxies.
     *
     * @param settings what is set otherwise than the document has it
     */
    ProxyChain(List<ProxyProgram> programs, ProxyRole outermost, ForwardedHeader header, Map<String, String> settings) {
        this(programs, outermost, header, settings, UnaryOperator.identity());
    }

    /**
     * Starts the webapp and its proxies.
     *
     * @param settings what is set otherwise than the document has it
     * @param edit changes the document's server of the innermost proxy
     */
    ProxyChain(
            List<ProxyProgram> programs,
            ProxyRole outermost,
            ForwardedHeader header,
            Map<String, String> settings,
            UnaryOperator<String> edit) {
        webapp.set("require-https", "true");
        ProxyDocument.settings("properties").forEach(webapp::set);
        if (header == ForwardedHeader.FORWARDED) {
            ProxyDocument.settings("properties-forwarded").forEach(webapp::set);
        }
        webapp.set("source.trusted-proxies", trusted(programs, outermost));
        settings.forEach(webapp::set);
        webapp.servlet(
                "/seen",
                (request, response) -> response.getOutputStream()
                        .print(String.join(", ", Collections.list(request.getHeaders(header.headerName())))));
        try {
            webapp.start();
            String next = "127.0.0.1:" + webapp.port();
            if (programs.size() == 1) {
                add(Proxy.start(programs.get(0), outermost, header, edit, next));
            } else {
                next = add(Proxy.start(programs.get(1), ProxyRole.SECOND, header, edit, next));
                add(Proxy.start(programs.get(0), outermost, header, UnaryOperator.identity(), next));
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Returns the document's setting, with the addresses of proxies that cannot have the document's. */
    private static String trusted(List<ProxyProgram> programs, ProxyRole outermost) {
        String snippet = programs.size() == 2 ? "properties-two" : "properties";
        String trusted = Objects.requireNonNull(ProxyDocument.settings(snippet).get("source.trusted-proxies"));
        trusted = ProxyDocument.replace(
                trusted, ProxyDocument.OUTERMOST, programs.get(0).listensAt(outermost));
        return programs.size() == 2
                ? ProxyDocument.replace(
                        trusted, ProxyDocument.SECOND, programs.get(1).listensAt(ProxyRole.SECOND))
                : trusted;
    }

    private String add(Proxy proxy) {
        innermostFirst.add(proxy);
        return proxy.http().getHostString() + ":" + proxy.http().getPort();
    }

    Proxy outermost() {
        return innermostFirst.get(innermostFirst.size() - 1);
    }

    Proxy innermost() {
        return innermostFirst.get(0);
    }

    /** Returns a genuine callback that no one has sent yet. */
    Call callback() {
        webapp.forgetEvents();
        return Call.get(Webapp.genuine(webapp.issue()));
    }

    Webapp webapp() {
        return webapp;
    }

    /** Sends a call to the outermost proxy. */
    Answer overHttps(String client, Call call) {
        return call.send(Proxy.address(client), outermost().https(), true);
    }

    Answer overHttp(String client, Call call) {
        return call.send(Proxy.address(client), outermost().http(), false);
    }

    Answer overHttpsOnIpv6(Call call) {
        InetSocketAddress server = outermost().httpsOnIpv6();
        return call.send(server.getAddress(), server, true);
    }

    /** Sends a call past all proxies. */
    Answer direct(String client, Call call) {
        return call.send(
                Proxy.address(client), new InetSocketAddress(Proxy.address("127.0.0.1"), webapp.port()), false);
    }

    static void assertAccepted(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(Webapp.HANDLED);
    }

    /** Asserts that the call just made was refused, by whom it was taken to come from. */
    void assertRefused(Answer answer, String error, @Nullable String client) {
        AnswerTests.assertRefused(answer, 403, error);
        assertThat(takeRefusal().client()).isEqualTo(client);
    }

    /** Returns the event of the one refusal since the last. */
    CallbackEvent.Refused takeRefusal() {
        return webapp.await(CallbackEvent.Refused.class);
    }

    @Override
    public void close() {
        innermostFirst.forEach(Proxy::close);
        webapp.close();
        try {
            container.close();
        } catch (Exception e) {
            throw new AssertionError("The container did not stop", e);
        }
    }
}
