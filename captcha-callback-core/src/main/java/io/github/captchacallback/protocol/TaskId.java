package io.github.captchacallback.protocol;

/** Knows the shape of a service's task id: 1 to 128 letters, digits, {@code .}, {@code _}, {@code :} and {@code -}. */
public final class TaskId {

    private static final int MAX_LENGTH = 128;

    private TaskId() {}

    public static boolean isValid(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isAllowed(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '.'
                || c == '_'
                || c == ':'
                || c == '-';
    }
}
