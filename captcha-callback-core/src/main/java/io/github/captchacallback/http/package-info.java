/** What an adapter hands in, and what it writes as the answer. */
@NullMarked
package io.github.captchacallback.http;

import org.jspecify.annotations.NullMarked;
