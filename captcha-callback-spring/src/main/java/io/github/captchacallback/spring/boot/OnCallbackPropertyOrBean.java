package io.github.captchacallback.spring.boot;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.CallbackEndpoint;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Conditional;

/** Matches if the application describes an endpoint, by properties or by beans. */
class OnCallbackPropertyOrBean extends AnyNestedCondition {

    OnCallbackPropertyOrBean() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @Conditional(OnCallbackProperty.class)
    static class Property {}

    @ConditionalOnBean(CaptchaCallbacks.class)
    static class Callbacks {}

    @ConditionalOnBean(CallbackEndpoint.class)
    static class Endpoint {}
}
