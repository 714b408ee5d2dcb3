package io.github.captchacallback.provider;

import java.io.Serializable;
import java.util.regex.Pattern;

/** Represents how a task ended, as its service reports it. */
public sealed interface TaskResult extends Serializable {

    /**
     * The task was solved.
     *
     * @param text the solution, such as a reCAPTCHA token; not empty
     */
    record Solution(String text) implements TaskResult {

        private static final long serialVersionUID = 1L;

        /** Returns the length of the solution only, because a solution can be used until it is spent. */
        @Override
        public String toString() {
            return "solution of " + text.length() + " characters";
        }
    }

    /**
     * The task failed.
     *
     * @param errorCode the service's code, such as {@code ERROR_CAPTCHA_UNSOLVABLE}: 1 to 64 letters, digits, spaces and
     *     {@code : _ = . -}, so that it can be logged
     */
    record Failure(String errorCode) implements TaskResult {

        private static final long serialVersionUID = 1L;
        private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_:=. -]{1,64}");

        /**
         * Checks the code.
         *
         * @throws IllegalArgumentException if it is longer, or contains another character
         */
        public Failure {
            if (!CODE.matcher(errorCode).matches()) {
                throw new IllegalArgumentException("This is no error code of a service");
            }
        }

        /** Returns the error code, which contains nothing secret. */
        @Override
        public String toString() {
            return "failure " + errorCode;
        }
    }
}
