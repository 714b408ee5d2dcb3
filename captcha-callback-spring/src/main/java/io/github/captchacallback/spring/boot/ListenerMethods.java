package io.github.captchacallback.spring.boot;

import io.github.captchacallback.Callback;
import io.github.captchacallback.spring.CallbackWiringException;
import io.github.captchacallback.spring.CaptchaCallbackListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** Finds the methods that are annotated as listeners, by the types of beans that need not exist yet. */
final class ListenerMethods {

    private ListenerMethods() {}

    /**
     * Names a method of a bean.
     *
     * @param beanName the bean, which is asked for when a callback comes
     */
    record Found(String beanName, Method method) {

        void receive(BeanFactory beans, Callback callback) throws Exception {
            Object bean = beans.getBean(beanName);
            Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
            invocable.setAccessible(true);
            try {
                invocable.invoke(bean, callback);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Exception failure) {
                    throw failure;
                }
                throw (Error) e.getCause();
            }
        }

        @Override
        public String toString() {
            return ClassUtils.getQualifiedMethodName(method);
        }
    }

    static List<Found> in(ConfigurableListableBeanFactory beans) {
        List<Found> found = new ArrayList<>();
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = type(beans, name);
            if (type != null && isCandidate(type)) {
                MethodIntrospector.selectMethods(ClassUtils.getUserClass(type), ListenerMethods::isListener)
                        .forEach(method -> found.add(new Found(name, method)));
            }
        }
        return found;
    }

    /** Of a bean that is made it is the class, also behind a proxy; before, what the bean is declared as. */
    private static @Nullable Class<?> type(ConfigurableListableBeanFactory beans, String name) {
        Object bean = beans.containsSingleton(name) ? beans.getSingleton(name) : null;
        return bean == null || bean instanceof FactoryBean<?>
                ? beans.getType(name, false)
                : AopProxyUtils.ultimateTargetClass(bean);
    }

    private static boolean isListener(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, CaptchaCallbackListener.class);
    }

    /** Looking through every framework class would cost the start more than it can find. */
    private static boolean isCandidate(Class<?> type) {
        return !type.getName().startsWith("org.springframework.")
                && !type.getName().startsWith("java.");
    }

    /**
     * Returns the one method.
     *
     * @throws IllegalStateException where there are several, or it does not take a callback alone
     */
    static Found theOne(ConfigurableListableBeanFactory beans) {
        List<Found> found = in(beans);
        requireOne(found);
        Found method = found.get(0);
        Class<?>[] parameters = method.method().getParameterTypes();
        if (parameters.length != 1 || parameters[0] != Callback.class) {
            throw new IllegalStateException("The method " + method + " with @CaptchaCallbackListener cannot be called."
                    + " Give it one parameter, of type " + Callback.class.getName());
        }
        return method;
    }

    private static void requireOne(Collection<Found> found) {
        if (found.size() != 1) {
            throw new IllegalStateException("There are several methods with @CaptchaCallbackListener: " + found
                    + ". A callback is settled or given back as one: annotate one method, which calls the others");
        }
    }

    /** A scoped bean and its proxy have the same method, which counts once. */
    private static Collection<Found> distinct(List<Found> found) {
        Map<String, Found> distinct = new LinkedHashMap<>();
        for (Found listener : found) {
            String name = listener.beanName();
            String bean = ScopedProxyUtils.isScopedTarget(name) ? ScopedProxyUtils.getOriginalBeanName(name) : name;
            distinct.putIfAbsent(bean + "." + listener.method().getName(), listener);
        }
        return distinct.values();
    }

    /**
     * Checks, when all beans are made, that the annotated method was found: a bean that is declared as an interface shows its class
     * only now, and its method would never be called.
     *
     * @throws CallbackWiringException if it was not found, or cannot be called
     * @throws IllegalStateException if another method was found in time, which would receive every callback
     */
    static void requireFound(ConfigurableListableBeanFactory beans) {
        List<Found> found = in(beans);
        if (!found.isEmpty() && beans.containsBean(CaptchaCallbackAutoConfiguration.LISTENER)) {
            requireOne(distinct(found));
        }
        for (Found listener : found) {
            Object bean = beans.getSingleton(listener.beanName());
            if (!beans.containsBean(CaptchaCallbackAutoConfiguration.LISTENER)) {
                throw new CallbackWiringException(
                        "The method " + listener
                                + " with @CaptchaCallbackListener was not found in time and would never be"
                                + " called, since the bean '" + listener.beanName()
                                + "' is declared with another type than its class",
                        "Declare the bean with the type "
                                + listener.method().getDeclaringClass().getSimpleName()
                                + ", or annotate the method of the interface");
            }
            if (bean != null) {
                requireCallable(listener, bean);
            }
        }
    }

    private static void requireCallable(Found listener, Object bean) {
        try {
            AopUtils.selectInvocableMethod(listener.method(), bean.getClass());
        } catch (IllegalStateException e) {
            throw new CallbackWiringException(
                    "The method " + listener + " with @CaptchaCallbackListener cannot be called, since the bean '"
                            + listener.beanName() + "' is a proxy that has only the methods of its interfaces",
                    "Add the method to an interface, or set spring.aop.proxy-target-class=true");
        }
    }
}
