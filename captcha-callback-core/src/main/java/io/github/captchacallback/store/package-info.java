/** What is remembered of a reference: the contract of a store, and the store in this process's memory. */
@NullMarked
package io.github.captchacallback.store;

import org.jspecify.annotations.NullMarked;
