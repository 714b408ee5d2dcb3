package io.github.captchacallback.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads where callbacks arrive and by which methods. */
final class EndpointTypes {

    static final SettingType<String> URL = SettingType.text("URL", EndpointTypes::url);

    static final SettingType<String> PATH = SettingType.text("path", text -> plainPath(text, text.text()));

    private static final List<String> ALL_METHODS = List.of("GET", "POST");

    static final SettingType<Set<String>> METHODS = new SettingType<>(
            "list of `GET`, `POST`",
            List.class,
            ALL_METHODS,
            true,
            EndpointTypes::methods,
            methods -> methods.stream().sorted().toList());

    private static final Pattern PLAIN_PATH = Pattern.compile("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+");

    private EndpointTypes() {}

    private static String url(SettingText text) {
        String action = "Write an absolute URL like https://your-server.com/captcha/callback";
        if (text.text().contains("@")) {
            // The part before it may be a password, so the value is not shown.
            throw text.refused(null, "it names a user", action);
        }
        URI uri;
        try {
            uri = new URI(text.text());
        } catch (URISyntaxException e) {
            throw text.refused("this is no URL", action);
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw text.refused("this is no absolute http or https URL", action);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw text.refused("it has a query or a fragment", action);
        }
        plainPath(text, uri.getRawPath());
        return text.text();
    }

    /** A path with a second spelling could be bypassed by it. */
    private static String plainPath(SettingText text, String path) {
        if (!PLAIN_PATH.matcher(path).matches()) {
            throw text.refused(
                    "its path is not in plain form",
                    "Write segments of letters, digits, '-', '_', '.' and '~', without a slash at the end");
        }
        return path;
    }

    private static Set<String> methods(SettingText text) {
        Set<String> methods = new LinkedHashSet<>(SettingType.entries(text));
        if (methods.isEmpty() || !ALL_METHODS.containsAll(methods)) {
            throw text.refused("services call by GET or POST", "Write GET, POST, or both");
        }
        return Collections.unmodifiableSet(methods);
    }
}
