package io.github.captchacallback.store.jdbc;

import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreProvider;
import io.github.captchacallback.store.StoreContext;

/** Opens the store of {@code store.type=jdbc} from the settings {@code store.jdbc.*}. */
public final class JdbcStoreProvider implements CallbackStoreProvider {

    /** Makes a provider; {@link java.util.ServiceLoader} does so. */
    public JdbcStoreProvider() {}

    @Override
    public String type() {
        return "jdbc";
    }

    @Override
    public CallbackStore open(StoreContext context) {
        return ConfiguredDatabase.open(context);
    }
}
