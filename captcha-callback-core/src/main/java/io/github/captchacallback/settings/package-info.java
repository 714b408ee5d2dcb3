/** The one schema of {@code captcha.callback.*}, and the typed tree that is read with it. */
@NullMarked
package io.github.captchacallback.settings;

import org.jspecify.annotations.NullMarked;
