package io.github.captchacallback;

import io.github.captchacallback.store.CallbackStoreException;

/**
 * Holds the right to handle one callback, for as long as its lease runs. Safe for use by several threads; settling and
 * releasing again changes nothing.
 */
public final class Claim {

    private final ClaimedEntry entry;

    Claim(ClaimedEntry entry) {
        this.entry = entry;
    }

    /** Does to the store what is done to the claim. */
    interface ClaimedEntry {
        boolean settle();

        boolean release();

        boolean renew();
    }

    /**
     * Ends the claim for good: the application has the answer.
     *
     * @return false where the claim was ended before, or its lease was over and another has claimed
     * @throws CallbackStoreException where the store is out of reach; the lease then runs out, and the callback may come
     *     again
     */
    public boolean settle() {
        return entry.settle();
    }

    /**
     * Gives the claim back: the application failed, and the callback may come again.
     *
     * @return false where the claim was ended before, or its lease was over and another has claimed
     * @throws CallbackStoreException where the store is out of reach; the lease then runs out, which comes to the same
     */
    public boolean release() {
        return entry.release();
    }

    /**
     * Ends the claim by how the application has answered the request: below 500 it has the answer, and the claim is
     * settled; from 500 on it has failed, and the claim is released.
     *
     * @param status the status code of the application's answer
     * @return what {@link #settle()} or {@link #release()} returns
     * @throws CallbackStoreException where the store is out of reach
     */
    public boolean answered(int status) {
        return status < 500 ? settle() : release();
    }

    /**
     * Starts the lease anew, before work that begins late.
     *
     * @return false where the claim was ended before, or its lease was over and another has claimed: the caller then must
     *     not handle the callback
     * @throws CallbackStoreException where the store is out of reach
     */
    public boolean renew() {
        return entry.renew();
    }
}
