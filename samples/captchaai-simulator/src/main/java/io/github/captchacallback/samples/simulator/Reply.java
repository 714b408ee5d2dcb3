package io.github.captchacallback.samples.simulator;

import org.jspecify.annotations.Nullable;

/** Holds an answer of {@code in.php} or {@code res.php}, and writes it as text or as JSON. */
record Reply(
        boolean ok,
        String request,
        @Nullable String price,
        @Nullable String errorText) {

    private static final String PRICE = "0.00299";

    static Reply ok(String request) {
        return new Reply(true, request, null, null);
    }

    static Reply solvedWithPrice(String code) {
        return new Reply(true, code, PRICE, null);
    }

    static Reply error(String code) {
        return new Reply(false, code, null, null);
    }

    static Reply error(RefusedException refused) {
        return new Reply(false, refused.code(), null, refused.getMessage());
    }

    String text() {
        if (ok) {
            return "OK|" + request + (price == null ? "" : "|" + price);
        }
        return request + (errorText == null ? "" : " " + errorText);
    }

    String json() {
        return "{\"status\":" + (ok ? 1 : 0) + ",\"request\":" + quoted(request)
                + (price == null ? "" : ",\"price\":" + quoted(price))
                + (errorText == null ? "" : ",\"error_text\":" + quoted(errorText))
                + "}";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                json.append('\\').append(character);
            } else if (character < ' ') {
                json.append("\\u%04x".formatted((int) character));
            } else {
                json.append(character);
            }
        }
        return json.append('"').toString();
    }
}
