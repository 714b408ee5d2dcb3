package io.github.captchacallback.servlet;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: (\\S+) -->\\R```\\w+\\R(.*?)\\R```", Pattern.DOTALL);
    private static final Map<String, String> SNIPPETS = read();

    private ProxyDocument() {}

    private static Map<String, String> read() {
        Map<String, String> snippets = new LinkedHashMap<>();
        Matcher matcher = SNIPPET.matcher(text());
        while (matcher.find()) {
            snippets.put(matcher.group(1), matcher.group(2));
        }
        return snippets;
    }

    static String text() {
        try {
            return Files.readString(Path.of("../docs/proxies.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> names() {
        return List.copyOf(SNIPPETS.keySet());
    }

    /** Returns a snippet, with addresses of this machine. */
    static String snippet(String name) {
        String snippet = SNIPPETS.get(name);
        if (snippet == null) {
            throw new AssertionError("The document has no snippet " + name + " but " + SNIPPETS.keySet());
        }
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
