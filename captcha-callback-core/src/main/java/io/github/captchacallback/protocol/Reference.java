package io.github.captchacallback.protocol;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes references: 128 random bits in base64url, so that none can be guessed and none comes twice. */
public final class Reference {

    private static final int BYTES = 16;

    private Reference() {}

    public static String random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
