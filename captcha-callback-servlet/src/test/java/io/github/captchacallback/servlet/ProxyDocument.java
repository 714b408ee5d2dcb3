package io.github.captchacallback.servlet;

import io.github.captchacallback.docs.Snippets;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Reads {@code docs/proxies.md}, so that the proxies under test are configured as a reader's are. The document's addresses
 * stand for others of this machine: all of 127.0.0.0/8 is ours.
 */
final class ProxyDocument {

    /** Where the service calls from. */
    static final String SERVICE = "127.138.1.1";

    /** Where anyone else calls from. */
    static final String STRANGER = "127.139.1.1";

    static final String OUTERMOST = "127.10.0.2";
    static final String SECOND = "127.10.0.3";

    /** The application's address in the document, which the first of two proxies has the second one's for. */
    static final String APPLICATION = "127.10.0.4:8080";

    private static final Map<String, String> ADDRESSES =
            Map.of("138.201.0.0/16", "127.138.0.0/16", "2a01:4f8::/32", "::1", "10.0.0.", "127.10.0.");
    static final Snippets PROXIES = Snippets.of("docs/proxies.md");

    private ProxyDocument() {}

    /** Returns a snippet, with addresses of this machine. */
    static String snippet(String name) {
        String snippet = PROXIES.get(name);
        for (Map.Entry<String, String> address : ADDRESSES.entrySet()) {
            snippet = snippet.replace(address.getKey(), address.getValue());
        }
        return snippet;
    }

    /** Returns the settings in a snippet, by their names without the prefix. */
    static Map<String, String> settings(String name) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(snippet(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        for (String key : properties.stringPropertyNames()) {
            settings.put(key.replace("captcha.callback.", ""), properties.getProperty(key));
        }
        return settings;
    }

    /** Replaces a line of a snippet, which has to be there: a document that was changed is not to be taken for the old one. */
    static String replace(String text, String old, String with) {
        if (!text.contains(old)) {
            throw new AssertionError("'" + old + "' is missing from\n" + text);
        }
        return text.replace(old, with);
    }
}
