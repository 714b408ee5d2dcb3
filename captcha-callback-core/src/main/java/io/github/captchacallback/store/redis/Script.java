package io.github.captchacallback.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.commons.codec.digest.DigestUtils;

/** The steps of the store, each a script that Redis runs as a whole. Their texts are fixed: values are passed as data. */
enum Script {
    EXPECT,
    BIND,
    CLAIM,
    SETTLE,
    RELEASE,
    RENEW,
    RETRY,
    BURY,
    REPLAY,
    DISCARD,
    ABANDON,
    FIND,
    DUE("entry", "forget"),
    TAKE,
    DEAD("entry", "forget"),
    DEPTH("entry", "forget"),
    TIME,
    CHECK(new String[0]);

    private final String text;
    private final String sha;

    Script() {
        this("entry");
    }

    /** Reads a script that begins with other resources. */
    Script(String... beginning) {
        StringBuilder joined = new StringBuilder();
        for (String name : beginning) {
            joined.append(read(name));
        }
        text = joined.append(read(name().toLowerCase(Locale.ROOT))).toString();
        sha = DigestUtils.sha1Hex(text);
    }

    private static String read(String name) {
        try (InputStream resource = Script.class.getResourceAsStream(name + ".lua")) {
            if (resource == null) {
                throw new IllegalStateException("The script " + name + ".lua is missing in the jar of the library");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return text;
    }

    /** Returns the digest by which Redis finds a script that it has run before. */
    String sha() {
        return sha;
    }
}
