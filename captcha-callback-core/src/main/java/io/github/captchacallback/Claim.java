package io.github.captchacallback;

import io.github.captchacallback.store.CallbackStoreException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Represents the right to handle one callback, for as long as its lease runs. Safe for use by several threads; settling and
 * releasing again changes nothing.
 */
public final class Claim {

    private static final String EXEMPT =
            "a limit in front of the endpoint refused it: exempt the callback path from that";
    private static final String ALLOW =
            "a security rule refused it: allow the callback path, for example for the authority" + " CAPTCHA_CALLBACK";
    private static final String MAP =
            "no endpoint takes it: map one to the callback path for GET and POST, or define a CallbackHandler";

    /** The answers below 500 by which an application has not taken a callback, and what is then probably wrong. */
    private static final Map<Integer, String> NOT_TAKEN =
            Map.of(401, ALLOW, 403, ALLOW, 404, MAP, 405, MAP, 408, EXEMPT, 413, EXEMPT, 425, EXEMPT, 429, EXEMPT);

    private final Claims claims;
    private final Callback callback;
    private final long lease;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** When the lease ends at the earliest: it began when the callback had arrived, or later. */
    private volatile Instant leaseEnds;

    Claim(Claims claims, Callback callback, long lease) {
        this.claims = claims;
        this.callback = callback;
        this.lease = lease;
        this.leaseEnds = claims.leaseFrom(callback.receivedAt());
    }

    /**
     * Ends the claim for good: the application has the answer.
     *
     * @return false if the claim was ended before, or its lease was over and another has claimed
     * @throws CallbackStoreException if the store is unavailable; try again, or the lease runs out, and the callback can come
     *     again
     */
    public boolean settle() {
        if (ended.get() || !claims.settle(callback, lease) || ended.getAndSet(true)) {
            return false;
        }
        claims.tellSettled(callback);
        return true;
    }

    /**
     * Gives the claim back: the application failed, and the callback can come again.
     *
     * @return false if the claim was ended before, or its lease was over and another has claimed
     * @throws CallbackStoreException if the store is unavailable; the lease then runs out, which comes to the same
     */
    public boolean release() {
        return release(null);
    }

    /**
     * Gives the claim back, and logs a warning that names the reference.
     *
     * @param failure what the application has thrown; only its class is logged
     * @return what {@link #release()} returns
     * @throws CallbackStoreException if the store is unavailable
     */
    public boolean failed(Throwable failure) {
        return release("the endpoint threw " + failure.getClass().getName());
    }

    private boolean release(@Nullable String reason) {
        if (ended.get() || !claims.release(callback, lease) || ended.getAndSet(true)) {
            return false;
        }
        claims.tellReleased(callback, reason);
        return true;
    }

    /**
     * Ends the claim by how the application has answered the request. 2xx settles it. 5xx, 3xx, 401, 403, 404, 405, 408, 413,
     * 425 and 429 release it, because the application has not taken the callback; a warning names the reference and the likely
     * fix. Any other 4xx is the application's own decision, and settles.
     *
     * @param status the status code of the application's answer
     * @return what {@link #settle()} or {@link #release()} returns
     * @throws CallbackStoreException if the store is unavailable
     */
    public boolean answered(int status) {
        return settles(status) ? settle() : release("the application answered " + status + "; " + likelyFix(status));
    }

    private static boolean settles(int status) {
        boolean decided = status >= 400 && status < 500 && !NOT_TAKEN.containsKey(status);
        return decided || (status >= 200 && status < 300);
    }

    private static String likelyFix(int status) {
        String known = NOT_TAKEN.get(status);
        if (known != null) {
            return known;
        }
        return status < 400
                ? "services follow no redirect: answer the callback itself with 200"
                : "see the endpoint's own log";
    }

    /**
     * Starts the lease anew, before work that begins late.
     *
     * @return false if the claim was ended before, or its lease was over and another has claimed: the caller must then not
     *     handle the callback
     * @throws CallbackStoreException if the store is unavailable, and the lease may be over
     */
    public boolean renew() {
        if (ended.get()) {
            return false;
        }
        try {
            boolean held = claims.renew(callback, lease);
            if (held) {
                leaseEnds = claims.leaseFrom(claims.now());
            }
            return held;
        } catch (RuntimeException e) {
            // Nobody else can have claimed while the lease runs, so a paid answer need not wait for the store.
            if (claims.now().isBefore(leaseEnds)) {
                return true;
            }
            throw e;
        }
    }

    long lease() {
        return lease;
    }

    /** Returns the reference only. */
    @Override
    public String toString() {
        return "Claim[" + callback.reference() + "]";
    }
}
