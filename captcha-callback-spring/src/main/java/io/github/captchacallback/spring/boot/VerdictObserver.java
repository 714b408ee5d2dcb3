package io.github.captchacallback.spring.boot;

import io.github.captchacallback.delivery.CallbackEndpoint;
import io.github.captchacallback.delivery.Step;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BiConsumer;

/** Makes what observes the verdicts of an endpoint, such as Spring Security's events, whose library may not be there. */
interface VerdictObserver {

    BiConsumer<HttpServletRequest, Step> of(CallbackEndpoint endpoint);
}
