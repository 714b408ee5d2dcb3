/** The store of nodes that share a Redis or a Valkey. It needs Lettuce, which is an optional dependency. */
@NullMarked
package io.github.captchacallback.store.redis;

import org.jspecify.annotations.NullMarked;
