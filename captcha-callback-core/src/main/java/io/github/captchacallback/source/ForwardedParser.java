package io.github.captchacallback.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code Forwarded} header of RFC 7239, section 4, with the tokens and quoted strings of RFC 9110, section
 * 5.6. One pass, no backtracking: the text is an outsider's.
 */
final class ForwardedParser {

    private final String text;
    private int at;

    ForwardedParser(String text) {
        this.text = text;
    }

    /** Returns what the header says; where any of it is not in form, none of it counts. */
    Forwarding parse() {
        List<String> nodes = new ArrayList<>();
        List<String> schemes = new ArrayList<>();
        while (at < text.length()) {
            skipBlanks();
            if (at == text.length() || text.charAt(at) == ',') {
                at++;
                continue;
            }
            if (!element(nodes, schemes)) {
                return Forwarding.UNREADABLE;
            }
        }
        return new Forwarding(nodes, schemes);
    }

    /** Reads one {@code forwarded-element}, pairs joined by semicolons, up to the comma behind it. */
    private boolean element(List<String> nodes, List<String> schemes) {
        String node = null;
        String scheme = null;
        while (true) {
            skipBlanks();
            if (at < text.length() && text.charAt(at) != ';' && text.charAt(at) != ',') {
                String name = token().toLowerCase(Locale.ROOT);
                String value = name.isEmpty() || !skip('=') ? null : value();
                boolean again = (name.equals("for") && node != null) || (name.equals("proto") && scheme != null);
                if (value == null || again) {
                    return false;
                }
                if (name.equals("for")) {
                    node = value;
                } else if (name.equals("proto")) {
                    scheme = value;
                }
                skipBlanks();
            }
            if (skip(';')) {
                continue;
            }
            if (at < text.length() && !skip(',')) {
                return false;
            }
            nodes.add(node == null ? "" : node);
            schemes.add(scheme == null ? "" : scheme);
            return true;
        }
    }

    private @Nullable String value() {
        if (!skip('"')) {
            String token = token();
            return token.isEmpty() ? null : token;
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
            }
            if (at < text.length()) {
                value.append(text.charAt(at++));
            }
        }
        return skip('"') ? value.toString() : null;
    }

    private String token() {
        int start = at;
        while (at < text.length() && isTokenCharacter(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isTokenCharacter(char c) {
        return c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }

    private boolean skip(char expected) {
        boolean there = at < text.length() && text.charAt(at) == expected;
        if (there) {
            at++;
        }
        return there;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }
}
