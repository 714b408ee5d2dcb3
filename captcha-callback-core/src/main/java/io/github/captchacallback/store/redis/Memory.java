package io.github.captchacallback.store.redis;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Represents what the server, or the primaries of a Cluster, say of their memory. {@code INFO} is asked, since {@code CONFIG} is
 * forbidden on most managed services.
 */
final class Memory {

    private static final Pattern POLICY = Pattern.compile("^maxmemory_policy:(\\S+)", Pattern.MULTILINE);
    private static final Pattern USED = Pattern.compile("^used_memory:(\\d+)", Pattern.MULTILINE);
    private static final Pattern MOST = Pattern.compile("^maxmemory:(\\d+)", Pattern.MULTILINE);
    private static final String NO_EVICTION = "noeviction";

    private final List<String> infos;

    Memory(List<String> infos) {
        this.infos = infos;
    }

    static Memory of(RedisConnections connections) {
        return new Memory(connections.info("memory"));
    }

    private static Optional<String> find(Pattern pattern, String info) {
        Matcher matcher = pattern.matcher(info);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Reports whether all servers say what they do if their memory is full. */
    boolean isKnown() {
        return infos.stream().allMatch(info -> find(POLICY, info).isPresent());
    }

    /** Returns how keys are evicted; empty if they are not, as far as that is known. */
    Optional<String> eviction() {
        String policies = infos.stream()
                .flatMap(info -> find(POLICY, info).stream())
                .filter(policy -> !policy.equals(NO_EVICTION))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return policies.isEmpty() ? Optional.empty() : Optional.of(policies);
    }

    /** Reports whether a server is known to refuse new entries. */
    boolean isFull() {
        return infos.stream().anyMatch(Memory::isFull);
    }

    private static boolean isFull(String info) {
        long most = find(MOST, info).map(Long::parseLong).orElse(0L);
        long used = find(USED, info).map(Long::parseLong).orElse(0L);
        return most > 0
                && used >= most
                && find(POLICY, info).filter(NO_EVICTION::equals).isPresent();
    }
}
