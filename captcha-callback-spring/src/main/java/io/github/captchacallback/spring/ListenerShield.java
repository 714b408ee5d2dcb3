package io.github.captchacallback.spring;

import io.github.captchacallback.CaptchaCallbacks;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Calls the application's listeners on the thread of a request. A listener that fails changes no verdict: the callback is
 * claimed by then, and an exception would turn it into a 500.
 */
final class ListenerShield {

    private static final Logger LOG = LoggerFactory.getLogger(CaptchaCallbacks.LOGGER);

    private final ThrottledWarning warning;

    ListenerShield() {
        this(InstantSource.system());
    }

    ListenerShield(InstantSource clock) {
        warning = new ThrottledWarning(LOG, clock);
    }

    void call(String event, Runnable publication) {
        try {
            publication.run();
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError serious) {
                throw serious;
            }
            // Without the exception's message, which may carry text from outside.
            Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
            warning.warn("A listener of the application failed on " + event + " with "
                    + cause.getClass().getName() + place(cause)
                    + ". The verdict is unchanged. Fix the listener; at level DEBUG this logger shows stack traces.");
            LOG.debug("A listener of the application failed on {}", event, e);
        }
    }

    private static String place(Throwable failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        return frames.length == 0 ? "" : " at " + frames[0];
    }
}
