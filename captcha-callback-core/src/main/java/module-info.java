/**
 * Signs callback URLs and judges the callbacks that arrive at them.
 *
 * <p>The package {@code signature} is not exported: its rules are reached through
 * {@link io.github.captchacallback.CaptchaCallbacks} alone.
 */
module io.github.captchacallback.core {
    requires com.github.benmanes.caffeine;
    requires org.apache.commons.codec;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.github.captchacallback;
    exports io.github.captchacallback.address;
    exports io.github.captchacallback.delivery;
    exports io.github.captchacallback.settings;
    exports io.github.captchacallback.store;
}
