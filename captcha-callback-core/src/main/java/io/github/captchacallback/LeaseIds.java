package io.github.captchacallback;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Draws ids of leases from a {@link SecureRandom}, so that no two claims of any nodes have the same. It draws many at once,
 * because each call of the generator costs as much as the rest of a claim. Safe for use by several threads.
 */
final class LeaseIds {

    private static final int DRAWN_AT_ONCE = 256;

    private final SecureRandom random;
    private final ByteBuffer drawn = ByteBuffer.allocate(DRAWN_AT_ONCE * Long.BYTES);

    LeaseIds(SecureRandom random) {
        this.random = random;
        drawn.position(drawn.limit());
    }

    synchronized long next() {
        if (!drawn.hasRemaining()) {
            random.nextBytes(drawn.array());
            drawn.rewind();
        }
        return drawn.getLong();
    }
}
