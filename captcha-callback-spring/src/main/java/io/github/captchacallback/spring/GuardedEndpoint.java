package io.github.captchacallback.spring;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.delivery.BackgroundDelivery;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import org.jspecify.annotations.Nullable;

/**
 * Holds what one callback path is guarded by.
 *
 * @param delivery hands callbacks over in the background; null where the application has an endpoint of its own
 */
record GuardedEndpoint(CaptchaCallbacks callbacks, @Nullable BackgroundDelivery delivery) {

    String path() {
        return callbacks.settings().path();
    }

    CaptchaCallbackFilter filter() {
        return delivery == null ? new CaptchaCallbackFilter(callbacks) : new CaptchaCallbackFilter(callbacks, delivery);
    }
}
