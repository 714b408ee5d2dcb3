package io.github.captchacallback.benchmarks.verify;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Verifies the same id and answer as we do, in another library's own form and by its public API.
 *
 * @param <S> what that library takes for a signature: a header, all headers, a token
 */
@State(Scope.Thread)
public abstract class Peer<S> {

    private static final String OTHER_SECRET = "an-attacker-has-another-secret-than-we-do";

    @Param({"100", "2000"})
    public int codeLength;

    private Payload payload = new Payload(1);

    @SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
    private S genuine;

    @SuppressWarnings("NullAway.Init")
    private S forged;

    /** Signs anew before each iteration, since some of them look at the time, and sees that forgeries are refused. */
    @Setup(Level.Iteration)
    public void prepare() throws Exception {
        payload = new Payload(codeLength);
        genuine = sign(WholeVerification.SECRET, payload);
        forged = sign(OTHER_SECRET, payload);
        if (!genuine() || forged()) {
            throw new IllegalStateException(getClass() + " does not tell a genuine signature from a forged one");
        }
    }

    boolean genuine() {
        return accepts(payload, genuine);
    }

    boolean forged() {
        return accepts(payload, forged);
    }

    abstract S sign(String secret, Payload payload) throws Exception;

    abstract boolean accepts(Payload payload, S signature);
}
