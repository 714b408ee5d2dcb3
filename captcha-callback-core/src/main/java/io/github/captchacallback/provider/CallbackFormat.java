package io.github.captchacallback.provider;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the callbacks of one service: tells a solution from a failure, and names the parameters of which a callback contains
 * each at most once. Implementations are immutable and safe for use by several threads.
 */
public interface CallbackFormat {

    /** Returns the name of the parameter that contains the task id. Each callback contains it. */
    String taskIdParameter();

    /** Returns the names of the parameters that tell the result, the task id's not among them. */
    Set<String> resultParameters();

    /**
     * Reads the result of a task.
     *
     * @param values gives the value of a result parameter, decoded; null if the callback does not contain it
     */
    Reading read(Function<String, @Nullable String> values);

    /**
     * Writes a callback as the service would send it, for tests and for the command line.
     *
     * @return the values by the names of their parameters, in the service's order; the caller may change the map
     */
    Map<String, String> write(String taskId, TaskResult result);

    /** Represents what was read. */
    sealed interface Reading {

        /** The callback contains a result. */
        record Complete(TaskResult result) implements Reading {}

        /**
         * The callback is not of this format.
         *
         * @param problem what is wrong, naming the parameter and without anything of its value
         */
        record Malformed(String problem) implements Reading {}
    }
}
