package io.github.captchacallback.address;

import org.jspecify.annotations.Nullable;

/**
 * Says who a request comes from, as far as our own proxies can be believed.
 *
 * @param client the client's address; null where it cannot be told
 * @param secure whether the client's own connection was HTTPS
 */
public record Origin(@Nullable IpAddress client, boolean secure) {}
