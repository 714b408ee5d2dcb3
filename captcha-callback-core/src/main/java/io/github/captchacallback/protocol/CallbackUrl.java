package io.github.captchacallback.protocol;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.signature.SignatureScheme;

/** Puts together what goes out as pingback. */
public final class CallbackUrl {

    private CallbackUrl() {}

    /** Returns the public URL, which is set, with what the scheme has made for one callback. */
    public static String of(CallbackSettings settings, SignatureScheme.UrlValues values) {
        StringBuilder url = new StringBuilder(String.valueOf(settings.publicUrl()));
        char separator = '?';
        if (values.token() != null) {
            boolean inPath = settings.signature().inPath();
            url.append(inPath ? "/" : "?token=").append(values.token());
            separator = inPath ? '?' : '&';
        }
        if (values.timestamp() != null) {
            url.append(separator).append("ts=").append(values.timestamp());
        }
        return url.toString();
    }
}
