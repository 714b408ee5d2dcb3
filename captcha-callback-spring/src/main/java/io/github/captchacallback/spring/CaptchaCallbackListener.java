package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Marks the method of a bean that receives genuine callbacks in the background, in place of an endpoint. Its one parameter is a
 * {@link Callback}. There is one such method in an application, or one bean of type
 * {@link io.github.captchacallback.delivery.CallbackHandler}; what that promises holds for the method as well.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface CaptchaCallbackListener {}
