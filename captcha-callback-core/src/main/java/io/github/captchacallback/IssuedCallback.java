package io.github.captchacallback;

/**
 * Holds what was issued for one submission.
 *
 * @param reference by which the callback will be known
 * @param url what goes out to the service as pingback
 */
public record IssuedCallback(String reference, String url) {

    /** Returns the reference alone: whoever has the URL can send the callback. */
    @Override
    public String toString() {
        return "IssuedCallback[" + reference + "]";
    }
}
