/**
 * The store in a relational database, for applications on several nodes. It needs {@code java.sql}, and the driver of the
 * database. {@link io.github.captchacallback.store.jdbc.JdbcCallbackStore} says what it promises.
 */
@NullMarked
package io.github.captchacallback.store.jdbc;

import org.jspecify.annotations.NullMarked;
