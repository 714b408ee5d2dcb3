/** The one object an application holds, {@link io.github.captchacallback.CaptchaCallbacks}, and what goes in and out of it. */
@NullMarked
package io.github.captchacallback;

import org.jspecify.annotations.NullMarked;
