/**
 * Support for an application's own tests: callbacks of every kind for MockMvc and other clients, a clock that a test moves,
 * callbacks in memory. It needs spring-test, and {@code @WithMockCaptchaCallback} spring-security-test.
 */
@NullMarked
package io.github.captchacallback.spring.test;

import org.jspecify.annotations.NullMarked;
