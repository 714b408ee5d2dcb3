/**
 * Plays a CAPTCHA-solving service (CaptchaAI, 2captcha) on the loopback interface, for tests and for trying things out.
 *
 * <p>{@link io.github.captchacallback.samples.simulator.CaptchaSimulator} is the way in.
 */
@NullMarked
package io.github.captchacallback.samples.simulator;

import org.jspecify.annotations.NullMarked;
