/** Who signed a callback URL: secrets, the ring of keys, and the schemes of the wire. */
@NullMarked
package io.github.captchacallback.signature;

import org.jspecify.annotations.NullMarked;
