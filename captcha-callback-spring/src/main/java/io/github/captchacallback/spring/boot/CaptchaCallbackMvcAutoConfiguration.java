package io.github.captchacallback.spring.boot;

import io.github.captchacallback.spring.CaptchaCallbackMvcConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Lets controllers receive verified callbacks only. It does not ask whether anything is guarded: a controller that takes a callback
 * is refused what is none in any case.
 */
@AutoConfiguration(after = CaptchaCallbackAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(RequestMappingHandlerAdapter.class)
@ConditionalOnMissingBean(CaptchaCallbackMvcConfiguration.class)
@Import(CaptchaCallbackMvcConfiguration.class)
public class CaptchaCallbackMvcAutoConfiguration {

    /** Makes the configuration. */
    public CaptchaCallbackMvcAutoConfiguration() {}
}
