package io.github.captchacallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Shows that {@link StoreHistory} finds what is wrong with a store, each time by a store that breaks one rule. */
class StoreHistoryTest {

    private static final int NODES = 2;
    private static final int CALLBACKS = 20;

    private final SharedMapStore.Data data = new SharedMapStore.Data();

    @Test
    void runWhenStoreIsSoundThenEachCallbackIsSettledOnce() throws Exception {
        StoreHistory.Summary summary = history(ForwardingStore::new).run(CALLBACKS);

        assertThat(summary.settled()).isEqualTo(CALLBACKS);
        assertThat(summary.claims()).isGreaterThan(CALLBACKS);
    }

    @Test
    void runWhenClaimIgnoresLeasesThenTwoHoldersAreReported() {
        assertReported("two holders", store -> new ForwardingStore(store) {
            @Override
            public ClaimOutcome claim(ClaimRequest request) {
                ClaimOutcome outcome = super.claim(request);
                return outcome instanceof ClaimOutcome.InProgress ? new ClaimOutcome.Claimed() : outcome;
            }
        });
    }

    @Test
    void runWhenLeasesEndEarlyThenTwoHoldersAreReported() {
        assertReported("two holders", store -> new ForwardingStore(store) {
            @Override
            public ClaimOutcome claim(ClaimRequest request) {
                Duration early = request.leaseFor().dividedBy(20);
                return super.claim(new ClaimRequest(
                        request.key(),
                        request.taskId(),
                        request.fingerprint(),
                        request.lease(),
                        early,
                        request.keep()));
            }
        });
    }

    @Test
    void runWhenSettledCallbacksAreClaimedAgainThenThatIsReported() {
        assertReported("claimed after it was settled", store -> new ForwardingStore(store) {
            @Override
            public boolean settle(String key, long lease) {
                // What was settled is open again, as a failover that loses the last writes would have it.
                return super.release(key, lease);
            }
        });
    }

    @Test
    void runWhenSettledCallbacksAreForgottenThenThatIsReported() {
        assertReported("forgotten", store -> new ForwardingStore(store) {
            @Override
            public ClaimOutcome claim(ClaimRequest request) {
                ClaimOutcome outcome = super.claim(request);
                return outcome instanceof ClaimOutcome.Settled ? new ClaimOutcome.Unknown() : outcome;
            }

            @Override
            public boolean settle(String key, long lease) {
                super.settle(key, lease);
                throw new CallbackStoreException("The answer was lost");
            }
        });
    }

    private void assertReported(String violation, Function<CallbackStore, CallbackStore> broken) {
        assertThatThrownBy(() -> history(broken).run(CALLBACKS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(violation);
    }

    private StoreHistory history(Function<CallbackStore, CallbackStore> node) {
        List<CallbackStore> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(node.apply(new SharedMapStore(data, InstantSource.system())));
        }
        return new StoreHistory(nodes, 1);
    }
}
