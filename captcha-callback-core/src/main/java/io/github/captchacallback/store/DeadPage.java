package io.github.captchacallback.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents a page of the list of dead entries.
 *
 * @param entries the entries, without their answers
 * @param next the cursor of the next page; null if this is the last
 */
public record DeadPage(
        List<StoredCallback> entries, @Nullable String next) {

    /** Copies the list. */
    public DeadPage {
        entries = List.copyOf(entries);
    }
}
