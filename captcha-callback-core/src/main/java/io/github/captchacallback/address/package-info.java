/** Where a callback comes from: address literals, allowlists and trusted proxies. */
@NullMarked
package io.github.captchacallback.address;

import org.jspecify.annotations.NullMarked;
