package io.github.captchacallback.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts a {@link LoadedTomcat}, asks it, and ends it. */
final class TomcatProcess implements AutoCloseable {

    /** Of one size from the beginning, so that no turn pays for its growth. */
    private static final String HEAP = "512m";

    private static final long SECONDS_TO_STOP = 10;

    private final Path directory;
    private final Process process;
    private final PrintStream questions;
    private final BufferedReader answers;
    private final int port;

    private TomcatProcess(Path directory, Process process) throws IOException {
        this.directory = directory;
        this.process = process;
        questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
        port = Integer.parseInt(answer());
    }

    static TomcatProcess start() throws IOException {
        Path directory = Files.createTempDirectory("loaded-tomcat");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms" + HEAP,
                        "-Xmx" + HEAP,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadedTomcat.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new TomcatProcess(directory, process);
    }

    int port() {
        return port;
    }

    /** Returns the CPU time that the process has taken, in nanoseconds. */
    long cpuTime() throws IOException {
        questions.println(LoadedTomcat.CPU_TIME);
        return Long.parseLong(answer());
    }

    /** Returns the URLs of so many callbacks that are expected from now on. */
    List<String> issue(int count) throws IOException {
        questions.println(LoadedTomcat.ISSUE + count);
        List<String> urls = new ArrayList<>(count);
        while (urls.size() < count) {
            urls.add(answer());
        }
        return urls;
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("Tomcat's process has ended, see above");
        }
        return line;
    }

    /** Ends the process and removes what it has written. */
    @Override
    public void close() throws IOException {
        questions.close();
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
