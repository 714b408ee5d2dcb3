package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.CallbackStoreFullException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names the errors by which Redis refuses a step. */
enum RedisFailure {
    /** There is no memory for a new entry. */
    FULL("OOM"),
    /** The server is a replica, for example after a failover. */
    NOT_PRIMARY("READONLY"),
    /** The server or its Cluster will do the step in a moment. */
    BUSY("LOADING|BUSY|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|MISCONF"),
    /** The user is not known, or lacks a right. */
    NOT_ALLOWED("NOPERM|NOAUTH|WRONGPASS"),
    OTHER("ERR");

    static final String NO_MEMORY =
            "Redis has no memory left, and takes no new references until others expire. Raise maxmemory";

    /** Redis 6.2 puts the error of a command in a script behind other text. */
    private static final Pattern CODE = Pattern.compile("(?:^|\\W-)([A-Z]+) ");

    private static final Pattern NOT_ALLOWED_IN_6_2 =
            Pattern.compile("can't run this command|can't access at least one of the keys");

    private final Pattern codes;

    RedisFailure(String codes) {
        this.codes = Pattern.compile(codes);
    }

    static RedisFailure of(RedisCommandExecutionException error) {
        String message = String.valueOf(error.getMessage());
        RedisFailure failure = OTHER;
        Matcher code = CODE.matcher(message);
        while (failure == OTHER && code.find()) {
            failure = ofCode(code.group(1));
        }
        return failure == OTHER && NOT_ALLOWED_IN_6_2.matcher(message).find() ? NOT_ALLOWED : failure;
    }

    private static RedisFailure ofCode(String code) {
        for (RedisFailure failure : values()) {
            if (failure.codes.matcher(code).matches()) {
                return failure;
            }
        }
        return OTHER;
    }

    /** Reports whether the step may succeed a moment later. */
    boolean isPassing() {
        return this == NOT_PRIMARY || this == BUSY;
    }

    /**
     * Returns what the caller of a step gets.
     *
     * @param servers the addresses
     * @param rights what the user must be allowed
     */
    CallbackStoreException asException(String servers, String rights, RedisCommandExecutionException error) {
        String said = "Redis at " + servers + " said: " + error.getMessage() + ". ";
        return switch (this) {
            case FULL -> new CallbackStoreFullException(NO_MEMORY);
            case NOT_PRIMARY ->
                new CallbackStoreException(said + "It is a replica. Configure the primary, or the Sentinels", error);
            case BUSY -> new CallbackStoreException(said + "Callbacks are refused until it is ready again", error);
            case NOT_ALLOWED ->
                new CallbackStoreException(
                        said + "Correct user and password, or give the user its rights: " + rights, error);
            case OTHER -> new CallbackStoreException(said + "The step was not done", error);
        };
    }
}
