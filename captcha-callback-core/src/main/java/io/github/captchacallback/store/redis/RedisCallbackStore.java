package io.github.captchacallback.store.redis;

import io.github.captchacallback.store.Binding;
import io.github.captchacallback.store.CallbackInbox;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.CallbackStoreFullException;
import io.github.captchacallback.store.ClaimOutcome;
import io.github.captchacallback.store.ClaimRequest;
import io.github.captchacallback.store.DeadPage;
import io.github.captchacallback.store.DueAnswer;
import io.github.captchacallback.store.InboxDepth;
import io.github.captchacallback.store.Occupancy;
import io.github.captchacallback.store.Renewal;
import io.github.captchacallback.store.StoredCallback;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers callbacks in a Redis or a Valkey that several nodes share: one server, a primary that Sentinels watch, or a
 * Cluster; Redis 6.2 and later. Each step is one script, which Redis runs as a whole, by its own clock.
 *
 * <p>Make one with {@link #builder}. It has connections of its own. Safe for use by several threads.
 *
 * <p><b>Security notes.</b> Of all claims for one callback, one primary lets exactly one win. <b>A failover or a restart can forget
 * the last writes, about a second</b>: a callback that was claimed in them can be accepted again, and one that was expected in
 * them is refused. Whoever can write to this Redis can make callbacks acceptable, and can read answers that are kept and not
 * encrypted: give the store a user of its own, and use TLS outside a trusted network. The server must not evict
 * keys: set {@code maxmemory-policy noeviction}.
 */
public final class RedisCallbackStore implements CallbackInbox {

    private static final byte[] UNSEEN = ascii("1");
    private static final byte[] EXPECTED_ONLY = ascii("0");
    private static final long NEEDS_INDEXES = 6;
    private static final Binding[] BINDINGS = {Binding.UNKNOWN, Binding.BOUND, Binding.CONFLICT};
    private static final Renewal[] RENEWALS = {Renewal.LOST, Renewal.HELD, Renewal.FORGOTTEN};

    private static final StoredCallback.State[] STATES = {
        StoredCallback.State.EXPECTED,
        StoredCallback.State.IN_PROGRESS,
        StoredCallback.State.WAITING,
        StoredCallback.State.SETTLED,
        StoredCallback.State.DEAD
    };

    private final SecureRandom random = new SecureRandom();
    private final RedisConnections connections;
    private final Buckets buckets;
    private final LongSupplier ahead;

    private RedisCallbackStore(Builder builder, RedisConnections connections) {
        this.connections = connections;
        this.buckets = new Buckets(builder.keyPrefix);
        this.ahead = builder.ahead;
    }

    /**
     * Returns a builder of stores.
     *
     * @param servers the server; several of a Cluster; or one with the Sentinels and the name of the primary. Passwords and TLS
     *     are part of them; their timeouts are not used
     */
    public static Builder builder(List<RedisURI> servers) {
        return new Builder(servers);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] number(long number) {
        return ascii(Long.toString(number));
    }

    private static byte[] millis(Duration duration) {
        return number(duration.toMillis());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    private static long asLong(Object reply) {
        return (Long) reply;
    }

    /** Returns what is added to the server's time; it is the first argument of every script. */
    private byte[] ahead() {
        return number(ahead.getAsLong());
    }

    /** Runs a step of one reference, whose result is a number. */
    private long step(Script script, byte[][] keys, byte[]... arguments) {
        return asLong(connections.run(script, keys, arguments).get(0));
    }

    /** Runs a step on an entry and, if its answer is kept, on the indexes. */
    private long stepWithIndexes(Script script, String key, byte[]... arguments) {
        byte[][] all = new byte[arguments.length + 2][];
        all[0] = ahead();
        all[1] = utf8(key);
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return step(script, buckets.entryAndIndexes(key), all);
    }

    private byte[][] entry(String key) {
        return new byte[][] {buckets.entry(key)};
    }

    @Override
    public void expect(String key, @Nullable String taskId, Duration keep) {
        byte[] nonce = number(random.nextLong());
        long expected = taskId == null
                ? step(Script.EXPECT, entry(key), ahead(), nonce, millis(keep))
                : step(Script.EXPECT, entry(key), ahead(), nonce, millis(keep), utf8(taskId));
        if (expected == 0) {
            throw new IllegalStateException("A callback is already expected under this key");
        }
    }

    @Override
    public Binding bind(String key, String taskId) {
        return BINDINGS[(int) step(Script.BIND, entry(key), ahead(), utf8(taskId))];
    }

    @Override
    public ClaimOutcome claim(ClaimRequest request) {
        return claim(request, EXPECTED_ONLY, entry(request.key()));
    }

    @Override
    public ClaimOutcome claimUnseen(ClaimRequest request) {
        return claim(request, UNSEEN, entry(request.key()));
    }

    @Override
    public ClaimOutcome accept(ClaimRequest request, String answer, Duration keep) {
        return claim(request, EXPECTED_ONLY, buckets.entryAndIndexes(request.key()), utf8(answer), millis(keep));
    }

    @Override
    public ClaimOutcome acceptUnseen(ClaimRequest request, String answer, Duration keep) {
        return claim(request, UNSEEN, buckets.entryAndIndexes(request.key()), utf8(answer), millis(keep));
    }

    private ClaimOutcome claim(ClaimRequest request, byte[] unseen, byte[][] keys, byte[]... answer) {
        byte[][] arguments = Stream.concat(
                        Stream.of(
                                ahead(),
                                utf8(request.key()),
                                number(request.lease()),
                                millis(request.leaseFor()),
                                millis(request.keep()),
                                utf8(request.taskId()),
                                utf8(request.fingerprint()),
                                unseen),
                        Arrays.stream(answer))
                .toArray(byte[][]::new);
        List<Object> reply = connections.run(Script.CLAIM, keys, arguments);
        if (asLong(reply.get(0)) == NEEDS_INDEXES) {
            // The same claim was made before with an answer to keep.
            reply = connections.run(Script.CLAIM, buckets.entryAndIndexes(request.key()), arguments);
        }
        return switch ((int) asLong(reply.get(0))) {
            case 1 -> new ClaimOutcome.Claimed();
            case 2 -> new ClaimOutcome.Unknown();
            case 3 -> new ClaimOutcome.InProgress(Duration.ofMillis(asLong(reply.get(1))));
            case 4 -> new ClaimOutcome.Settled(true);
            default -> new ClaimOutcome.Settled(false);
        };
    }

    @Override
    public boolean settle(String key, long lease) {
        return stepWithIndexes(Script.SETTLE, key, number(lease)) == 1;
    }

    @Override
    public boolean release(String key, long lease) {
        return stepWithIndexes(Script.RELEASE, key, number(lease)) == 1;
    }

    @Override
    public Renewal renew(String key, long lease, Duration leaseFor) {
        return RENEWALS[(int) stepWithIndexes(Script.RENEW, key, number(lease), millis(leaseFor))];
    }

    @Override
    public boolean retry(String key, long lease, Duration after) {
        return stepWithIndexes(Script.RETRY, key, number(lease), millis(after)) == 1;
    }

    @Override
    public boolean bury(String key, long lease, String reason, Duration keep) {
        return stepWithIndexes(Script.BURY, key, number(lease), millis(keep), utf8(reason)) == 1;
    }

    @Override
    public boolean replay(String key, Duration keep) {
        return stepWithIndexes(Script.REPLAY, key, millis(keep)) == 1;
    }

    @Override
    public boolean discard(String key) {
        return stepWithIndexes(Script.DISCARD, key) == 1;
    }

    @Override
    public boolean abandon(String key) {
        return step(Script.ABANDON, entry(key), ahead()) == 1;
    }

    // ---- due work

    /** A member of an index with its time. */
    private record Candidate(String key, long at) {}

    @Override
    public List<DueAnswer> takeDue(long lease, int limit, Duration leaseFor) {
        List<Candidate> own = new ArrayList<>();
        List<Candidate> due = new ArrayList<>();
        List<List<Object>> replies =
                inEachBucket(Script.DUE, bucket -> withTaken(bucket, lease), ahead(), number(limit));
        for (List<Object> reply : replies) {
            list(reply.get(0)).forEach(member -> own.add(new Candidate(text(member), 0)));
            due.addAll(candidates(list(reply.get(1))));
            due.addAll(candidates(list(reply.get(2))));
        }
        due.sort(Comparator.comparingLong(Candidate::at));
        Map<Integer, List<String>> chosen = new TreeMap<>();
        Stream.concat(own.stream(), due.stream())
                .map(Candidate::key)
                .distinct()
                .limit(limit)
                .forEach(key -> chosen.computeIfAbsent(buckets.of(key), bucket -> new ArrayList<>())
                        .add(key));
        return take(chosen, lease, leaseFor);
    }

    private List<DueAnswer> take(Map<Integer, List<String>> chosen, long lease, Duration leaseFor) {
        List<RedisConnections.Call> calls = chosen.entrySet().stream()
                .map(bucket -> RedisConnections.Call.of(
                        Script.TAKE,
                        concat(
                                Arrays.stream(withTaken(bucket.getKey(), lease)),
                                bucket.getValue().stream().map(buckets::entry)),
                        concat(
                                Stream.of(ahead(), number(lease), millis(leaseFor)),
                                bucket.getValue().stream().map(RedisCallbackStore::utf8))))
                .toList();
        List<DueAnswer> taken = new ArrayList<>();
        for (List<Object> reply : connections.runAll(calls)) {
            for (Object each : reply) {
                List<Object> answer = list(each);
                taken.add(new DueAnswer(
                        text(answer.get(0)),
                        text(answer.get(1)),
                        text(answer.get(2)),
                        lease,
                        (int) asLong(answer.get(3)),
                        Duration.ofMillis(asLong(answer.get(4)))));
            }
        }
        return List.copyOf(taken);
    }

    private byte[][] withTaken(int bucket, long lease) {
        return concat(Arrays.stream(buckets.indexes(bucket)), Stream.of(buckets.taken(bucket, lease)));
    }

    private static byte[][] concat(Stream<byte[]> first, Stream<byte[]> second) {
        return Stream.concat(first, second).toArray(byte[][]::new);
    }

    private List<List<Object>> inEachBucket(Script script, Function<Integer, byte[][]> keys, byte[]... arguments) {
        return connections.runAll(IntStream.range(0, Buckets.COUNT)
                .mapToObj(bucket -> RedisConnections.Call.of(script, keys.apply(bucket), arguments))
                .toList());
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object reply) {
        return (List<Object>) reply;
    }

    /** Reads members that are followed by their times. */
    private static List<Candidate> candidates(List<Object> reply) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < reply.size(); i += 2) {
            candidates.add(new Candidate(text(reply.get(i)), Math.round(Double.parseDouble(text(reply.get(i + 1))))));
        }
        return candidates;
    }

    // ---- what an operator sees

    /** Returns where a page of dead entries begins: behind a key of a bucket's index, which is ordered by time and bytes. */
    private record Cursor(int bucket, long at, String key) {

        private static final Cursor START = new Cursor(0, 0, "");
        private static final Pattern FORM = Pattern.compile("(\\d{1,2}):(\\d{1,18}):(.*)", Pattern.DOTALL);

        static Cursor of(@Nullable String text) {
            if (text == null) {
                return START;
            }
            var form = FORM.matcher(text);
            if (!form.matches()) {
                throw new IllegalArgumentException("This cursor is not from a page of this store");
            }
            return new Cursor(Integer.parseInt(form.group(1)), Long.parseLong(form.group(2)), form.group(3));
        }

        boolean isBehind(Candidate candidate) {
            return candidate.at() < at
                    || (candidate.at() == at && Arrays.compareUnsigned(utf8(candidate.key()), utf8(key)) <= 0);
        }

        @Override
        public String toString() {
            return bucket + ":" + at + ":" + key;
        }
    }

    @Override
    public DeadPage dead(int limit, @Nullable String cursor) {
        Cursor from = Cursor.of(cursor);
        List<Cursor> candidates = new ArrayList<>();
        addDead(from, limit + 1, candidates);
        List<RedisConnections.Call> others = IntStream.range(from.bucket() + 1, Buckets.COUNT)
                .mapToObj(bucket -> deadFrom(bucket, 0, 0, limit + 1))
                .toList();
        int bucket = from.bucket();
        for (List<Object> reply : connections.runAll(others)) {
            bucket++;
            for (Candidate candidate : candidates(reply)) {
                candidates.add(new Cursor(bucket, candidate.at(), candidate.key()));
            }
        }
        List<Cursor> listed = candidates.subList(0, Math.min(limit, candidates.size()));
        List<RedisConnections.Call> finds = listed.stream()
                .map(place -> RedisConnections.Call.of(Script.FIND, entry(place.key()), ahead()))
                .toList();
        List<StoredCallback> page = new ArrayList<>();
        Iterator<Cursor> places = listed.iterator();
        for (List<Object> reply : connections.runAll(finds)) {
            found(places.next().key(), reply)
                    .filter(found -> found.state() == StoredCallback.State.DEAD)
                    .ifPresent(page::add);
        }
        return new DeadPage(
                page, candidates.size() > limit ? listed.get(limit - 1).toString() : null);
    }

    private RedisConnections.Call deadFrom(int bucket, long at, int skip, int limit) {
        return RedisConnections.Call.of(
                Script.DEAD, buckets.indexes(bucket), ahead(), number(at), number(skip), number(limit));
    }

    /** Adds what is behind the cursor in its own bucket. Many entries may have died in one millisecond. */
    private void addDead(Cursor from, int most, List<Cursor> candidates) {
        List<Object> reply;
        int skip = 0;
        do {
            reply = connections
                    .runAll(List.of(deadFrom(from.bucket(), from.at(), skip, most)))
                    .get(0);
            for (Candidate candidate : candidates(reply)) {
                if (!from.isBehind(candidate)) {
                    candidates.add(new Cursor(from.bucket(), candidate.at(), candidate.key()));
                }
            }
            skip += most;
        } while (reply.size() == 2 * most && candidates.size() < most);
    }

    @Override
    public Optional<StoredCallback> find(String key) {
        return found(key, connections.run(Script.FIND, entry(key), ahead()));
    }

    private static Optional<StoredCallback> found(String key, List<Object> reply) {
        if (reply.isEmpty()) {
            return Optional.empty();
        }
        long age = asLong(reply.get(3));
        return Optional.of(new StoredCallback(
                key,
                nullableText(reply.get(4)),
                STATES[(int) asLong(reply.get(0))],
                (int) asLong(reply.get(2)),
                age < 0 ? null : Duration.ofMillis(age),
                Duration.ofMillis(asLong(reply.get(1))),
                nullableText(reply.get(5))));
    }

    private static @Nullable String nullableText(@Nullable Object reply) {
        return reply == null ? null : text(reply);
    }

    @Override
    public Optional<InboxDepth> depth() {
        long[] sums = new long[4];
        long oldest = 0;
        for (List<Object> reply : inEachBucket(Script.DEPTH, buckets::indexes, ahead())) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += asLong(reply.get(i));
            }
            oldest = Math.max(oldest, asLong(reply.get(sums.length)));
        }
        return Optional.of(new InboxDepth(sums[0], sums[1], sums[2], sums[3], Duration.ofMillis(oldest)));
    }

    /** Asks whether Redis is available and has memory. It cannot count references at a reasonable cost. */
    @Override
    public Optional<Occupancy> occupancy() {
        if (Memory.of(connections).isFull()) {
            throw new CallbackStoreFullException(RedisFailure.NO_MEMORY);
        }
        return Optional.empty();
    }

    /** Returns a warning if Redis evicts keys. */
    @Override
    public List<String> warnings() {
        return StartCheck.evictionWarning(Memory.of(connections))
                .map(warning -> List.of(warning + ". " + StartCheck.EVICTION_ACTION))
                .orElse(List.of());
    }

    @Override
    public Optional<Instant> time() {
        byte[][] anyKey = {buckets.check("a")};
        return Optional.of(Instant.ofEpochMilli(
                asLong(connections.run(Script.TIME, anyKey, ahead()).get(0))));
    }

    @Override
    public void close() {
        connections.close();
    }

    /** Returns the servers, without a password and without a key. */
    @Override
    public String toString() {
        return "RedisCallbackStore[" + connections + "]";
    }

    /** Collects what a store needs. Not safe for use by several threads. */
    public static final class Builder {

        private static final Pattern PREFIX = Pattern.compile("[!-z|~]{1,100}");

        private final List<RedisURI> servers;
        private boolean cluster;
        private boolean unseenAllowed;
        private @Nullable SslOptions sslOptions;
        private String keyPrefix = "captcha-callback:";
        private Duration timeout = Duration.ofSeconds(2);
        private LongSupplier ahead = () -> 0;

        private Builder(List<RedisURI> servers) {
            this.servers = List.copyOf(servers);
            if (servers.isEmpty()) {
                throw new IllegalArgumentException("At least one server is needed");
            }
        }

        /**
         * Sets whether the servers are nodes of a Cluster.
         *
         * @param isCluster false by default
         */
        public Builder cluster(boolean isCluster) {
            this.cluster = isCluster;
            return this;
        }

        /**
         * Sets what all keys begin with. Applications that share a Redis need different prefixes.
         *
         * @param prefix printable ASCII characters without braces, at most 100; {@code captcha-callback:} by default
         * @throws IllegalArgumentException if it has other characters
         */
        public Builder keyPrefix(String prefix) {
            if (!PREFIX.matcher(prefix).matches()) {
                throw new IllegalArgumentException(
                        "The key prefix has to be 1 to 100 printable ASCII characters without spaces and braces");
            }
            this.keyPrefix = prefix;
            return this;
        }

        /**
         * Sets how long a step may take at most, with its second attempt.
         *
         * @param most positive; 2 s by default
         * @throws IllegalArgumentException if it is less than 2 ms
         */
        public Builder timeout(Duration most) {
            if (most.toMillis() < 2) {
                throw new IllegalArgumentException("The timeout is " + most + ", and 2 ms is the least");
            }
            this.timeout = most;
            return this;
        }

        /**
         * Sets whether callbacks are claimed that were never expected. Such a store must not forget a key early, so it is not
         * opened if Redis evicts keys.
         *
         * @param allowed false by default
         */
        public Builder unseenAllowed(boolean allowed) {
            this.unseenAllowed = allowed;
            return this;
        }

        /** Sets the keys and certificates for TLS; those of the JVM by default. */
        public Builder sslOptions(SslOptions options) {
            this.sslOptions = options;
            return this;
        }

        /** Adds milliseconds to the server's time: only tests do so. */
        Builder ahead(LongSupplier millis) {
            this.ahead = millis;
            return this;
        }

        /**
         * Connects, and checks the rights of the user and whether Redis evicts keys.
         *
         * @throws CallbackStoreException if Redis is unavailable, or refuses a command that the store needs
         * @throws IllegalArgumentException if Redis evicts keys, and callbacks are claimed that were never expected
         */
        public RedisCallbackStore open() {
            RedisConnections connections =
                    RedisConnections.open(servers, cluster, timeout, sslOptions, StartCheck.rights(keyPrefix));
            RedisCallbackStore store = new RedisCallbackStore(this, connections);
            try {
                new StartCheck(connections, store.buckets).run(unseenAllowed);
                return store;
            } catch (RuntimeException e) {
                store.close();
                throw e;
            }
        }
    }
}
