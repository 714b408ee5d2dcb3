/** The Spring Security DSL: {@code http.with(captchaCallback(), …)}. */
@NullMarked
package io.github.captchacallback.spring;

import org.jspecify.annotations.NullMarked;
