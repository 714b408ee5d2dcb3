package io.github.captchacallback.http;

/** Names the checks in the order in which they run; the first that fails answers. */
public enum Refusal {
    /** The method is none of the configured ones. */
    METHOD_NOT_ALLOWED(405, "method not allowed", "The method is none that the service calls back by"),
    /** The client's connection was plain HTTP. */
    HTTPS_REQUIRED(403, "https required", "The client's connection was plain HTTP"),
    /** The client's address is not among those that may call back, or cannot be told. */
    SOURCE_NOT_ALLOWED(403, "forbidden", "The client's address is not among those that may call back"),
    /** A parameter is missing, given twice, too long, or of the wrong shape. */
    MALFORMED(400, "malformed callback", "A parameter is missing, given twice, too long or of the wrong shape"),
    /** None of our keys signed the URL. */
    INVALID_SIGNATURE(403, "invalid signature", "None of our keys signed this URL for this audience"),
    /** The URL is too old, or from the future. */
    EXPIRED(403, "expired", "The URL was issued too long ago, or lies in the future"),
    /** Nobody expects this reference or task id, or it belongs to another task. */
    UNKNOWN_TASK(403, "unknown task", "Nobody expects this reference or task id, or it belongs to another task"),
    /** The callback was claimed before, and the application is still working on it. */
    IN_PROGRESS(409, "in progress", "This callback is being worked on"),
    /** The callback was claimed and settled before. */
    ALREADY_PROCESSED(409, "already processed", "This callback was settled before"),
    /** The store or the handler's queue is full or unavailable; nothing was accepted. */
    UNAVAILABLE(503, "unavailable", "The store or the handler's queue is full or unavailable");

    private final int status;
    private final String error;
    private final String reason;

    Refusal(int status, String error, String reason) {
        this.status = status;
        this.error = error;
        this.reason = reason;
    }

    /** Returns the status code of the answer, unless details are withheld. */
    public int status() {
        return status;
    }

    /** Returns the word on the wire, unless details are withheld. */
    public String error() {
        return error;
    }

    /** Returns the sentence that an operator reads, without a full stop. */
    public String reason() {
        return reason;
    }
}
