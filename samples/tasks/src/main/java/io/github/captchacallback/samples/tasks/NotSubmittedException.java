package io.github.captchacallback.samples.tasks;

/** Is thrown where a task could not be submitted; its message is for whoever asked for it. */
public final class NotSubmittedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    NotSubmittedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Returns the HTTP status that a sample answers with. */
    public int status() {
        return status;
    }

    /** Returns what a sample answers with. */
    public Answer answer() {
        return new Answer(String.valueOf(getMessage()));
    }

    /** Holds an answer, as the samples' API shows it. */
    public record Answer(String error) {}
}
