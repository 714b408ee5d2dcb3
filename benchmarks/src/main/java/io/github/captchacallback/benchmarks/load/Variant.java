package io.github.captchacallback.benchmarks.load;

import java.util.Locale;

/** Says what stands in front of the endpoint, and what it is sent. */
enum Variant {
    /** No filter: what Tomcat costs. */
    NONE(200),

    /** A filter that only reads the three parameters, as whatever verifies them must. */
    READING(200),

    /** Ours, which refuses forgeries. */
    REFUSING(403),

    /** Ours, which accepts genuine callbacks, each once. */
    ACCEPTING(200);

    private final int status;

    Variant(int status) {
        this.status = status;
    }

    /** Returns the path of the webapp; ours is one webapp, whatever it is sent. */
    String contextPath() {
        return this == ACCEPTING ? REFUSING.contextPath() : "/" + label();
    }

    /** Returns the status that every answer has to have. */
    int status() {
        return status;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
