package io.github.captchacallback.spring.test;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.CaptchaCallbacksBuilder;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;

/** Makes callbacks that need no settings and remember in memory, for tests without an application context. */
public final class InMemoryCallbacks {

    /** What goes out as pingback, unless a test sets another. */
    public static final String PUBLIC_URL = "https://your-server.com/captcha/callback";

    private static final int SECRET_BYTES = 32;

    private InMemoryCallbacks() {}

    /** Returns callbacks by the system's clock. */
    public static CaptchaCallbacks create() {
        return builder().build();
    }

    /** Returns callbacks by a clock of the test's. */
    public static CaptchaCallbacks create(InstantSource clock) {
        return builder().clock(clock).build();
    }

    /**
     * Returns a builder to which a test adds its own settings and listeners.
     *
     * <p><b>Security notes.</b> Every builder has a key of its own, made at random: one that stood in this jar would be
     * known to everyone.
     */
    public static CaptchaCallbacksBuilder builder() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return CaptchaCallbacks.builder()
                .publicUrl(PUBLIC_URL)
                .signingKey("test", "hex:" + HexFormat.of().formatHex(secret));
    }
}
