package io.github.captchacallback.delivery;

import io.github.captchacallback.Attempt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Represents an attempt that this process makes: it waits for a thread, runs, and ends in the store. */
final class Work {

    private enum State {
        WAITING,
        RUNNING,
        DONE
    }

    private final Attempt attempt;
    private final boolean taken;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private volatile boolean lost;

    /** How the attempt ends in the store; null while it waits or runs. */
    private volatile @Nullable BooleanSupplier ending;

    /**
     * Makes work that waits.
     *
     * @param taken whether it was taken from the store; otherwise it has just arrived
     */
    Work(Attempt attempt, boolean taken) {
        this.attempt = attempt;
        this.taken = taken;
    }

    Attempt attempt() {
        return attempt;
    }

    String reference() {
        return attempt.callback().reference();
    }

    boolean isTaken() {
        return taken;
    }

    /** Begins, and reports whether it may: not if it was given back while it waited. */
    boolean begin() {
        return state.compareAndSet(State.WAITING, State.RUNNING);
    }

    /** Is given back, and reports whether it may: not once it has begun. */
    boolean giveBack() {
        return state.compareAndSet(State.WAITING, State.DONE);
    }

    /** Reports whether the lease is to be renewed: as long as nothing has ended the attempt. */
    boolean needsLease() {
        return !lost && ending == null && state.get() != State.DONE;
    }

    void lose() {
        lost = true;
    }

    boolean isLost() {
        return lost;
    }

    void endBy(BooleanSupplier end) {
        ending = end;
    }

    @Nullable
    BooleanSupplier ending() {
        return ending;
    }
}
