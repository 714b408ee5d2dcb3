package io.github.captchacallback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Finds the snippets of a document by the names that stand in comments above them, and compiles those in Java. */
public record Snippets(String document) {

    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: (\\S+) -->\\R```\\w+\\R(.*?)\\R```", Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("^```\\w+", Pattern.MULTILINE);

    /** Reads a document by its path from the repository's root. */
    public static Snippets of(String path) {
        try {
            return new Snippets(Files.readString(Path.of("..").resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> names() {
        return SNIPPET.matcher(document).results().map(found -> found.group(1)).toList();
    }

    /** Counts the blocks with a language; each is to have a name, so that a test can ask for it. */
    public long blocks() {
        return FENCE.matcher(document).results().count();
    }

    public String get(String name) {
        Matcher matcher = SNIPPET.matcher(document);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return matcher.group(2);
            }
        }
        throw new AssertionError("The document has no snippet " + name + " but " + names());
    }

    /** Compiles snippets, each of which is a source file by its name. */
    public void compile(Path classes, String... names) {
        compile(classes, Map.of(), names);
    }

    /** Compiles snippets, each of which is a source file by its name, with source files of the reader's. */
    public void compile(Path classes, Map<String, String> ofTheReader, String... names) {
        List<JavaFileObject> sources = new ArrayList<>();
        Arrays.stream(names).forEach(name -> sources.add(source(name, get(name))));
        ofTheReader.forEach((name, text) -> sources.add(source(name, text)));
        compile(classes, sources);
    }

    /** Compiles a snippet of Java within a source that stands for the reader's application. */
    public static void compile(String source) {
        try {
            compile(Files.createTempDirectory("snippets"), List.of(source("Reader.java", source)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path classes, List<JavaFileObject> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        List<String> options = List.of("--release", "17", "-proc:none", "-parameters", "-d", classes.toString());
        boolean compiled =
                compiler.getTask(output, null, null, options, null, sources).call();
        assertThat(compiled).as(() -> sources + "\n" + output).isTrue();
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }

            @Override
            public String toString() {
                return text;
            }
        };
    }
}
