package io.github.captchacallback.source;

import io.github.captchacallback.address.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Says who a request comes from, as far as our own proxies can be believed.
 *
 * @param address the client's address as it was written; null where it cannot be told, and nobody's where it is no literal
 * @param secure whether the client's own connection was HTTPS
 */
public record Origin(@Nullable String address, boolean secure) {

    /** Returns the client's address in its one spelling; null where it cannot be told. */
    public @Nullable String client() {
        return address == null ? null : IpAddress.canonical(address);
    }
}
