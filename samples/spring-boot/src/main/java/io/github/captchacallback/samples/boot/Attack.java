package io.github.captchacallback.samples.boot;

import java.util.Locale;

/** Names the ways in which the console attacks its own endpoint. */
enum Attack {
    FORGED,
    REPLAY,
    EXPIRED,
    FOREIGN_TASK,
    DUPLICATES,
    SPOOFED_ADDRESS;

    /** Returns the name in the console's URLs. */
    String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
