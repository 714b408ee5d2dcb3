package io.github.captchacallback;

import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SignatureSettings;
import io.github.captchacallback.settings.SourceSettings;
import io.github.captchacallback.store.CallbackStore;
import java.util.ArrayList;
import java.util.List;

/** Describes in one line how callbacks are judged, without any secret. */
record StartReport(CallbackSettings settings, CallbackStore store) {

    @Override
    public String toString() {
        SourceSettings source = settings.source();
        boolean allowlist = !source.allow().isEmpty() || source.allowFile() != null;
        return settings.path() + ": methods " + String.join(", ", settings.methods())
                + "; " + keys()
                + "; store " + store.getClass().getSimpleName()
                + "; HTTPS " + (settings.requireHttps() ? "required" : "not required")
                + "; source allowlist " + (allowlist ? "on" : "off");
    }

    private String keys() {
        SignatureSettings signature = settings.signature();
        if (!signature.enabled()) {
            return "signatures off";
        }
        List<String> others = new ArrayList<>(signature.keys().keySet());
        others.remove(signature.activeKey());
        return "signing key " + signature.activeKey()
                + (others.isEmpty() ? "" : ", older keys " + String.join(", ", others));
    }
}
