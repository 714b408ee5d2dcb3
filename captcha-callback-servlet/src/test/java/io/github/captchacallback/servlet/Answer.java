package io.github.captchacallback.servlet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds an HTTP answer.
 *
 * @param status the status code; 0 where the server has closed the connection without an answer
 * @param headers all values by name, which is matched in whatever case
 * @param body what came up to the end of the connection
 */
record Answer(int status, Map<String, List<String>> headers, String body) {

    /** Reads all that came on a connection up to its end. */
    static Answer parse(byte[] received) {
        String text = new String(received, StandardCharsets.ISO_8859_1);
        int start = 0;
        int end = text.indexOf("\r\n\r\n");
        while (end >= 0 && text.startsWith("HTTP/1.1 1", start)) {
            start = end + 4;
            end = text.indexOf("\r\n\r\n", start);
        }
        if (end < 0) {
            return new Answer(0, Map.of(), text);
        }
        String[] lines = text.substring(start, end).split("\r\n", -1);
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
        byte[] body = Arrays.copyOfRange(received, end + 4, received.length);
        boolean chunked = headers.getOrDefault("Transfer-Encoding", List.of()).contains("chunked");
        return new Answer(status, headers, new String(chunked ? joined(body) : body, StandardCharsets.UTF_8));
    }

    private static byte[] joined(byte[] chunks) {
        String text = new String(chunks, StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = 0;
        int lineEnd = text.indexOf("\r\n");
        while (lineEnd >= 0) {
            int length =
                    Math.min(Integer.parseInt(text.substring(at, lineEnd).strip(), 16), chunks.length - lineEnd - 2);
            if (length == 0) {
                break;
            }
            body.write(chunks, lineEnd + 2, length);
            at = lineEnd + 2 + length + 2;
            lineEnd = text.indexOf("\r\n", at);
        }
        return body.toByteArray();
    }

    /** Returns a header's one value; null where there is none. */
    @Nullable
    String header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new AssertionError(name + " is given more than once: " + values);
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** Returns the media type without parameters, in lower case. */
    String mediaType() {
        String type = header("Content-Type");
        return type == null ? "" : type.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
    }
}
