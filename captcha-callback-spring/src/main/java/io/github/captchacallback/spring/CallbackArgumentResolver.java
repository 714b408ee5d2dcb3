package io.github.captchacallback.spring;

import io.github.captchacallback.Callback;
import io.github.captchacallback.servlet.CaptchaCallbackFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Takes the {@link Callback} of a controller's method from the verified request. Spring MVC itself would fill the record from
 * request parameters, which anyone can add to a genuine callback URL; so this resolver comes before all others, and also takes
 * arguments with an annotation of another resolver.
 */
final class CallbackArgumentResolver implements HandlerMethodArgumentResolver {

    /** Puts this resolver before all others in every adapter of a context. */
    static void putFirstIn(ApplicationContext context) {
        context.getBeansOfType(RequestMappingHandlerAdapter.class, true, false)
                .values()
                .forEach(CallbackArgumentResolver::putFirst);
    }

    static void putFirst(RequestMappingHandlerAdapter adapter) {
        List<HandlerMethodArgumentResolver> resolvers = adapter.getArgumentResolvers();
        if (resolvers != null && !(resolvers.get(0) instanceof CallbackArgumentResolver)) {
            List<HandlerMethodArgumentResolver> ordered = new ArrayList<>(resolvers);
            ordered.add(0, new CallbackArgumentResolver());
            adapter.setArgumentResolvers(ordered);
        }
    }

    /** Reports whether a parameter wants a verified callback, and the method must not be called without one. */
    static boolean requires(MethodParameter parameter) {
        return parameter.getParameterType() == Callback.class;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.nestedIfOptional().getNestedParameterType() == Callback.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer model,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders)
            throws ServletRequestBindingException {
        HttpServletRequest servletRequest = request.getNativeRequest(HttpServletRequest.class);
        Optional<Callback> callback =
                servletRequest == null ? Optional.empty() : CaptchaCallbackFilter.callback(servletRequest);
        return requires(parameter)
                ? callback.orElseThrow(
                        () -> new ServletRequestBindingException("This request is no verified callback, and "
                                + parameter.getExecutable() + " takes nothing else"))
                : callback;
    }
}
