package io.github.captchacallback;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.codec.DecoderException;
import org.apache.commons.codec.net.URLCodec;
import org.jspecify.annotations.Nullable;

/**
 * Holds the parameters of a query or a form body, decoded once: percent signs as UTF-8, a plus sign as a space. A name or
 * value that decodes to nothing valid is kept as such, since it may be somebody else's. Immutable.
 */
public final class FormParameters {

    /**
     * Holds one parameter.
     *
     * @param name its name; null where it cannot be decoded
     * @param value its value; null where it cannot be decoded
     */
    public record Parameter(@Nullable String name, @Nullable String value) {}

    private final List<Parameter> parameters;

    private FormParameters(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    /**
     * Reads a query as it was sent, its bytes held one a character.
     *
     * @param query the query without its question mark; null where there is none
     */
    public static FormParameters ofQuery(@Nullable String query) {
        List<Parameter> parameters = new ArrayList<>();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (!pair.isEmpty()) {
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    parameters.add(new Parameter(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1))));
                }
            }
        }
        return new FormParameters(parameters);
    }

    /** Reads a body of type {@code application/x-www-form-urlencoded}. */
    public static FormParameters ofBody(byte[] body) {
        return ofQuery(new String(body, StandardCharsets.ISO_8859_1));
    }

    /** Returns the parameters in the order in which they came. */
    public List<Parameter> all() {
        return parameters;
    }

    private static @Nullable String decode(String encoded) {
        if (encoded.chars().anyMatch(c -> c > 0xff)) {
            return null;
        }
        try {
            byte[] bytes = URLCodec.decodeUrl(encoded.getBytes(StandardCharsets.ISO_8859_1));
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (DecoderException | CharacterCodingException e) {
            return null;
        }
    }

    /** Returns how many parameters there are: what they hold is an outsider's. */
    @Override
    public String toString() {
        return "FormParameters[" + parameters.size() + "]";
    }
}
