/** Auto-configuration for Spring Boot from {@code captcha.callback.*}. */
@NullMarked
package io.github.captchacallback.spring.boot;

import org.jspecify.annotations.NullMarked;
