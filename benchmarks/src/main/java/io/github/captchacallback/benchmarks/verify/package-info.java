/** Measures whole verifications of a callback beside the libraries that verify other webhooks and tokens. */
@NullMarked
package io.github.captchacallback.benchmarks.verify;

import org.jspecify.annotations.NullMarked;
