package io.github.captchacallback.store;

/**
 * Opens stores of one type. The core finds providers by {@link java.util.ServiceLoader}, and uses the one whose type is the
 * value of {@code store.type}.
 *
 * <p>List the class in {@code META-INF/services/io.github.captchacallback.store.CallbackStoreProvider}, or in {@code provides} of
 * a module. It has a public constructor without parameters. Every provider that is found may be instantiated, so the class
 * must load without the libraries that its store uses: mention them only inside {@link #open(StoreContext)}.
 */
public interface CallbackStoreProvider {

    /**
     * Returns the name by which {@code store.type} chooses this provider.
     *
     * @return lower-case letters, digits and {@code -}; not {@code caffeine}
     */
    String type();

    /**
     * Opens a store. It is closed with the {@code CaptchaCallbacks} that it is opened for.
     *
     * <p>The settings of the schema are in the context. A provider of your own reads what else it needs from a place of its own,
     * such as its own properties file, system properties or JNDI: an unknown key under {@code captcha.callback.} stops the
     * application at startup.
     *
     * @param context the settings and the clock
     * @return a store; usually a {@link CallbackInbox}
     * @throws IllegalArgumentException if a setting cannot be used; the message says what to do
     * @throws CallbackStoreException if the store must be available at startup, and is not
     */
    CallbackStore open(StoreContext context);
}
