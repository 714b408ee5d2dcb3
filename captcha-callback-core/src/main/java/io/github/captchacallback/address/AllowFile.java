package io.github.captchacallback.address;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Permits the addresses that a file lists, one a line with {@code #} comments, and reads the file again when it has
 * changed. A new version that cannot be read leaves the old one in force. Safe for use by several threads.
 */
public final class AllowFile implements SourceFilter {

    /** How long a change may stay unseen: the file's attributes are asked for no more often. */
    public static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final Path file;
    private final List<IpRange> alwaysAllowed;
    private final InstantSource clock;
    private final Observer observer;
    private final AtomicLong nextCheck;
    private volatile IpAllowlist current;
    private volatile @Nullable Version seen;

    /** Whether the version last seen could not be read: what is mended then, such as permissions, leaves no trace in it. */
    private volatile boolean unreadable;

    /** Is told what became of a new version of the file. */
    public interface Observer {

        /** Is called when a new version has come into force. */
        void reloaded(int entries);

        /** Is called when a new version was left aside, with the reason. */
        void kept(String reason);
    }

    private record Version(FileTime modified, long bytes) {}

    /**
     * Reads the file for the first time.
     *
     * @throws IllegalArgumentException where it cannot be read or a line is not understood
     */
    public AllowFile(Path file, List<IpRange> alwaysAllowed, InstantSource clock, Observer observer) {
        this.file = file;
        this.alwaysAllowed = List.copyOf(alwaysAllowed);
        this.clock = clock;
        this.observer = observer;
        this.seen = version();
        this.current = allowlist(read());
        this.nextCheck = new AtomicLong(clock.millis() + CHECK_INTERVAL.toMillis());
    }

    @Override
    public boolean permits(@Nullable String client) {
        long due = nextCheck.get();
        long now = clock.millis();
        if (now >= due && nextCheck.compareAndSet(due, now + CHECK_INTERVAL.toMillis())) {
            reloadIfChanged();
        }
        return current.permits(client);
    }

    private void reloadIfChanged() {
        Version version = version();
        boolean changed = !Objects.equals(version, seen);
        if (!changed && !unreadable) {
            return;
        }
        seen = version;
        try {
            List<IpRange> ranges = read();
            unreadable = false;
            current = allowlist(ranges);
            observer.reloaded(ranges.size());
        } catch (IllegalArgumentException e) {
            unreadable = e.getCause() instanceof IOException;
            if (changed || !unreadable) {
                observer.kept(String.valueOf(e.getMessage()));
            }
        }
    }

    private @Nullable Version version() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return null;
        }
    }

    private IpAllowlist allowlist(List<IpRange> ranges) {
        List<IpRange> all = new ArrayList<>(alwaysAllowed);
        all.addAll(ranges);
        return new IpAllowlist(all);
    }

    private List<IpRange> read() {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException("the file " + file + " cannot be read", e);
        }
        List<IpRange> ranges = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int comment = line.indexOf('#');
            String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (entry.isEmpty()) {
                continue;
            }
            try {
                ranges.add(IpRange.parse(entry));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        file + ", line " + (i + 1) + ", '" + entry + "': " + e.getMessage(), e);
            }
        }
        return ranges;
    }
}
