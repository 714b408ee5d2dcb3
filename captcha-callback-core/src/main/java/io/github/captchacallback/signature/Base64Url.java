package io.github.captchacallback.signature;

/** Checks the alphabet of base64url (RFC 4648, section 5), of which key ids and references are made. */
final class Base64Url {

    private Base64Url() {}

    /** Reports whether a text is of this alphabet, and neither too short nor too long. */
    static boolean isWord(String text, int minLength, int maxLength) {
        if (text.length() < minLength || text.length() > maxLength) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed =
                    (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }
}
