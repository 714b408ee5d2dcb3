package io.github.captchacallback.source;

import org.jspecify.annotations.Nullable;

/** Decides which clients may call back. Safe for use by several threads. */
public interface SourceFilter {

    /**
     * Says whether a client may call back.
     *
     * @param client the client's address as a literal; null and what is no literal are nobody, whom no filter but
     *     {@link #everyone()} lets pass
     */
    boolean permits(@Nullable String client);

    /** Returns the filter of an application that has configured none. */
    static SourceFilter everyone() {
        return client -> true;
    }
}
