package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartupChecksTest {

    private final CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
            .publicUrl("https://your-server.com/shop/captcha/callback")
            .signingKey("k1", Webapp.SECRET)
            .build();
    private final ServletContext context = answering(
            ServletContext.class,
            Map.of(
                    "getContextPath",
                    "/shop",
                    "getServletRegistrations",
                    Map.of(
                            "exact", servlet("exact", "/captcha/callback"),
                            "prefix", servlet("prefix", "/captcha/callback/*"),
                            "other", servlet("other", "/"))));

    private static ServletRegistration servlet(String name, String mapping) {
        return answering(ServletRegistration.class, Map.of("getName", name, "getMappings", List.of(mapping)));
    }

    private static <T> T answering(Class<T> type, Map<String, ?> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }

    @Test
    void unreachedServletsWhenAHandlerTakesTheCallbacksThenThoseAtThePath() {
        CallbackEndpoint handled = CallbackEndpoint.of(callbacks, callback -> {}, Runnable::run);
        assertThat(StartupChecks.unreachedServlets(context, handled)).containsExactly("exact", "prefix");
    }

    @Test
    void unreachedServletsWhenTheApplicationHasAnEndpointThenNone() {
        assertThat(StartupChecks.unreachedServlets(context, CallbackEndpoint.of(callbacks)))
                .isEmpty();
    }
}
