/** A console that submits tasks to a simulated CAPTCHA service and attacks its own callback endpoint. */
@NullMarked
package io.github.captchacallback.samples.boot;

import org.jspecify.annotations.NullMarked;
