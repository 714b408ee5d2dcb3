package io.github.captchacallback.benchmarks.address;

import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decides about one client after the other, each given as text, by somebody's list of blocks. */
@State(Scope.Thread)
public abstract class Allowlist {

    /** Enough to see that a list works, and few enough for one that takes milliseconds. */
    private static final int CHECKED = 100;

    @Param({"1", "100", "10000"})
    public int blocks;

    @Param
    public Probe probe = Probe.HIT;

    private String[] clients = {};
    private int next;

    /** Builds the list, and sees that it lets the right ones pass. */
    @Setup
    public void prepare() {
        Blocks random = Blocks.random(blocks);
        build(random.written());
        check(random.hits(), true);
        check(random.misses(), false);
        clients = (probe == Probe.HIT ? random.hits() : random.misses()).toArray(String[]::new);
        expect(clients);
    }

    private void check(List<String> some, boolean expected) {
        for (String client : some.subList(0, CHECKED)) {
            if (permits(client) != expected) {
                throw new IllegalStateException(getClass() + " decides wrongly about " + client);
            }
        }
    }

    boolean decideNext() {
        return permits(clients[nextIndex()]);
    }

    final int nextIndex() {
        next = (next + 1) & (Blocks.CLIENTS - 1);
        return next;
    }

    abstract void build(List<String> written);

    abstract boolean permits(String client);

    /** Is told who will be asked about. */
    void expect(String[] expected) {}
}
