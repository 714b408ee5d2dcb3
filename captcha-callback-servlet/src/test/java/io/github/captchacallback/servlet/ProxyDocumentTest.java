package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Says what the document holds, also on a machine that has none of the proxies. */
class ProxyDocumentTest {

    @Test
    void everySnippetHasATest() {
        assertThat(ProxyDocument.PROXIES.names())
                .hasSize((int) ProxyDocument.PROXIES.blocks())
                .containsExactly(
                        "properties",
                        "properties-two",
                        "nginx",
                        "nginx-second",
                        "haproxy",
                        "haproxy-second",
                        "apache2",
                        "caddy",
                        "nginx-cache-off",
                        "nginx-cache-head",
                        "varnish",
                        "nginx-log",
                        "haproxy-log",
                        "apache2-log",
                        "caddy-log",
                        "properties-forwarded",
                        "nginx-forwarded-map",
                        "nginx-forwarded",
                        "nginx-forwarded-second",
                        "haproxy-forwarded",
                        "haproxy-forwarded-second",
                        "apache2-forwarded",
                        "caddy-forwarded");
    }

    @Test
    void settingsTogetherAreTaken() {
        Map<String, String> settings = new LinkedHashMap<>(ProxyDocument.settings("properties"));
        settings.putAll(ProxyDocument.settings("properties-two"));
        settings.putAll(ProxyDocument.settings("properties-forwarded"));

        settings.put("public-url", "https://your-server.com/captcha/callback");
        settings.put("signature.keys.k1", Webapp.SECRET);

        CaptchaCallbacks.builder().settings(settings).build().close();
        assertThat(settings)
                .containsEntry("source.trusted-proxies", ProxyDocument.OUTERMOST + ", " + ProxyDocument.SECOND)
                .containsEntry("source.forwarded-header", "Forwarded");
    }
}
