package io.github.captchacallback.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Finds the snippets of a document by the names that stand in comments above them, and compiles those in Java. */
record Snippets(String document) {

    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: (\\S+) -->\\R```\\w+\\R(.*?)\\R```", Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("^```\\w+", Pattern.MULTILINE);

    /** Reads a document by its path from the repository's root. */
    static Snippets of(String path) {
        try {
            return new Snippets(Files.readString(Path.of("..").resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> names() {
        return SNIPPET.matcher(document).results().map(found -> found.group(1)).toList();
    }

    /** Counts the blocks with a language; each is to have a name, so that a test can ask for it. */
    long blocks() {
        return FENCE.matcher(document).results().count();
    }

    String get(String name) {
        Matcher matcher = SNIPPET.matcher(document);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return matcher.group(2);
            }
        }
        throw new AssertionError("The document has no snippet " + name + " but " + names());
    }

    /** Compiles snippets, each of which is a source file by its name. */
    void compile(Path classes, String... names) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        List<String> options = List.of("--release", "17", "-proc:none", "-d", classes.toString());
        List<JavaFileObject> files = Arrays.stream(names).map(this::source).toList();
        boolean compiled =
                compiler.getTask(output, null, null, options, null, files).call();
        assertThat(compiled).as(output::toString).isTrue();
    }

    private JavaFileObject source(String name) {
        String text = get(name);
        return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
