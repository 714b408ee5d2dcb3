package io.github.captchacallback;

import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.SettingValues;
import io.github.captchacallback.settings.StoreSettings;
import io.github.captchacallback.store.CaffeineCallbackStore;
import io.github.captchacallback.store.CallbackStore;
import io.github.captchacallback.store.CallbackStoreProvider;
import io.github.captchacallback.store.StoreContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Opens the store that {@code store.type} names. The store in memory needs no provider, so that an application that repackages
 * this jar without its services still starts with it.
 */
final class StoreTypes {

    private static final String KEY = "store.type";
    private static final String IN_MEMORY = "caffeine";
    private static final String PREFIX = "store.";

    private final Map<String, CallbackStoreProvider> found = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();

    private StoreTypes() {}

    /**
     * Opens a store.
     *
     * @throws CallbackSettingsException if no provider has that type, or its provider cannot use the settings
     */
    static CallbackStore open(
            StoreSettings settings, boolean unseenAllowed, SettingValues values, InstantSource clock) {
        return settings.type().equals(IN_MEMORY)
                ? new CaffeineCallbackStore(clock, settings.capacity())
                : find().open(
                                settings.type(),
                                new StoreContext(
                                        settings.capacity(),
                                        settings.timeout(),
                                        unseenAllowed,
                                        clock,
                                        written(values)));
    }

    private static Map<String, String> written(SettingValues values) {
        return values.byKey().entrySet().stream()
                .filter(value ->
                        value.getKey().startsWith(PREFIX) && !value.getValue().isBlank())
                .collect(Collectors.toMap(
                        value -> value.getKey().substring(PREFIX.length()),
                        value -> value.getValue().strip()));
    }

    /** Finds providers from where the application is started and from where this library is, which may be different places. */
    private static StoreTypes find() {
        StoreTypes types = new StoreTypes();
        types.add(ServiceLoader.load(CallbackStoreProvider.class));
        types.add(ServiceLoader.load(CallbackStoreProvider.class, StoreTypes.class.getClassLoader()));
        return types;
    }

    private void add(ServiceLoader<CallbackStoreProvider> providers) {
        Iterator<CallbackStoreProvider> each = providers.iterator();
        while (true) {
            try {
                if (!each.hasNext()) {
                    return;
                }
                CallbackStoreProvider provider = each.next();
                found.putIfAbsent(provider.type(), provider);
            } catch (ServiceConfigurationError e) {
                // Another provider may be the one that was chosen.
                broken.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private CallbackStore open(String type, StoreContext context) {
        CallbackStoreProvider provider = found.get(type);
        if (provider == null) {
            throw new CallbackSettingsException(
                    KEY,
                    type,
                    "there is no such store"
                            + (broken.isEmpty() ? "" : ", and a provider could not be loaded: " + broken),
                    "Write one of " + String.join(", ", names())
                            + ", add the jar whose CallbackStoreProvider has this type, or hand a CallbackStore of your own to the"
                            + " builder");
        }
        try {
            return provider.open(context);
        } catch (CallbackSettingsException e) {
            throw e;
        } catch (IllegalArgumentException | LinkageError e) {
            throw new CallbackSettingsException(
                    KEY,
                    type,
                    "the store could not be opened: " + e.getMessage(),
                    e instanceof LinkageError
                            ? "Add the library that this store needs"
                            : "Correct the settings of the store");
        }
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>(found.keySet());
        names.add(IN_MEMORY);
        return names;
    }
}
