package io.github.captchacallback.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.EventListener;
import org.jspecify.annotations.Nullable;

/**
 * Runs webapps, one after another, in a servlet container: all that differs from container to container. The container itself is
 * started with the first webapp and runs until it is closed, since starting it takes longer than most tests.
 */
interface TestContainer {

    /** The longest request line that a container under test must take. */
    int MAX_HEADER_BYTES = 64 * 1024;

    /**
     * Describes a webapp.
     *
     * @param contextPath its context path, empty for the root
     * @param initializer declares its filters and servlets
     * @param errorPage the path inside the webapp of the page for status 500; null where it has none
     * @param directory holds what a WAR would: its static files, and WEB-INF
     * @param declaredListener is declared as {@code web.xml} does it, and not by the initializer; null if there is none
     * @param welcomeFile is appended to a path that ends with a slash; null if nothing is
     * @param lenient whether the container takes every spelling of a path that it can be told to take
     * @param https whether it is reached by HTTPS alone, with the key of {@link TestKeystore}, or by plain HTTP alone
     */
    record Deployment(
            String contextPath,
            ServletContainerInitializer initializer,
            @Nullable String errorPage,
            Path directory,
            @Nullable Class<? extends EventListener> declaredListener,
            @Nullable String welcomeFile,
            boolean lenient,
            boolean https) {

        /** Returns how the container has to listen for it. */
        Listening listening() {
            return new Listening(https, lenient);
        }

        /** Returns a class loader of the webapp's own, for a container that would not make one of a directory. */
        ClassLoader classLoader() throws IOException {
            URL classes = directory.resolve("WEB-INF/classes").toUri().toURL();
            return new URLClassLoader(new URL[] {classes}, TestContainer.class.getClassLoader());
        }
    }

    /**
     * Describes how a container listens: each way has a port of its own.
     *
     * @param https whether to HTTPS
     * @param lenient whether it takes every spelling of a path that it can be told to take
     */
    record Listening(boolean https, boolean lenient) {}

    /**
     * Starts the webapp, on free ports of 127.0.0.1.
     *
     * @throws Exception what has kept the webapp from starting, or an exception with that for its cause
     */
    void start(Deployment deployment) throws Exception;

    /** Returns the port of the webapp that was started last. */
    int port();

    /** Stops the webapp; does nothing if none runs. */
    void stop() throws Exception;

    /** Stops the webapp and the container. */
    void close() throws Exception;
}
