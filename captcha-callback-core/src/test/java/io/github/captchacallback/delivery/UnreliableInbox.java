package io.github.captchacallback.delivery;

import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what is asked of a store, and fails at the steps that a test says: before they are done, or after. */
final class UnreliableInbox {

    private final CallbackInbox store;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile Set<String> failing = Set.of();
    private volatile Set<String> losingTheirResult = Set.of();

    UnreliableInbox(CallbackInbox store) {
        this.store = store;
    }

    /** Returns the store that the application is given. */
    CallbackInbox proxy() {
        return (CallbackInbox) Proxy.newProxyInstance(
                CallbackInbox.class.getClassLoader(),
                new Class<?>[] {CallbackInbox.class},
                (self, method, arguments) -> invoke(method, arguments));
    }

    private Object invoke(Method method, Object[] arguments) throws Throwable {
        calls.add(method.getName());
        if (failing.contains(method.getName())) {
            throw new CallbackStoreException("The store is unavailable");
        }
        try {
            Object result = method.invoke(store, arguments);
            if (losingTheirResult.contains(method.getName())) {
                throw new CallbackStoreException("The store did not answer in time");
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    List<String> calls() {
        return calls;
    }

    /** Lets these steps fail from now on, and no others. */
    void fail(String... methods) {
        failing = Set.of(methods);
    }

    /** Lets these steps be done from now on, and their results be lost. */
    void loseResults(String... methods) {
        losingTheirResult = Set.of(methods);
    }
}
