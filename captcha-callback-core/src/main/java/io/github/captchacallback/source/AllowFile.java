package io.github.captchacallback.source;

import io.github.captchacallback.address.IpAllowlist;
import io.github.captchacallback.address.IpRange;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Permits the addresses that a file lists, one a line with {@code #} comments, and reads the file again if it has changed.
 *
 * <p>A new version that cannot be read, or lists no address, is not used, and the old list stays in force. So is one that was
 * written less than {@link #CHECK_INTERVAL} ago: it is read at a later check, as its writer may not have finished. One thread at
 * a time looks at the file, and the others go on with the list that is in force, so a file system that does not answer blocks
 * one request only. Safe for use by several threads.
 */
public final class AllowFile implements SourceFilter {

    /** The file is looked at no more often than this, and a new version is read once it is at least this old. */
    public static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    /** A check that takes longer than this is reported, once. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long IDLE = Long.MIN_VALUE;

    private final Path file;
    private final List<IpRange> alwaysAllowed;
    private final InstantSource clock;
    private final Observer observer;
    private final boolean timesChanges;

    /** When the check began that a thread is busy with. */
    private final AtomicLong checkingSince = new AtomicLong(IDLE);

    private final AtomicBoolean overdue = new AtomicBoolean();
    private volatile long lastCheck;
    private volatile IpAllowlist current;
    private volatile @Nullable Version seen;

    /** Whether the version last seen could not be read: a fix such as other permissions may leave no trace in it. */
    private volatile boolean unreadable;

    /** Receives the outcome of each check that found a new version of the file. */
    public interface Observer {

        /** Called if a new version has come into force. */
        void reloaded(int entries);

        /** Called with the reason if a new version is not used, or the file system does not answer. */
        void kept(String reason);
    }

    /**
     * Distinguishes one version of the file from another without reading it.
     *
     * @param modified when the content was last written, as its writer says; tools such as rsync set it back
     * @param bytes the length
     * @param fileKey the file behind the name, since a link may be turned to another; null if the file system has no such key
     * @param target the same by name
     * @param changed when content or attributes were last changed, as the kernel says; null if the file system does not say
     */
    private record Version(
            FileTime modified,
            long bytes,
            @Nullable Object fileKey,
            Path target,
            @Nullable Object changed) {}

    /**
     * Reads the file for the first time.
     *
     * @throws IllegalArgumentException if it cannot be read, a line is not understood, or nobody is allowed
     */
    public AllowFile(Path file, List<IpRange> alwaysAllowed, InstantSource clock, Observer observer) {
        this.file = file;
        this.alwaysAllowed = List.copyOf(alwaysAllowed);
        this.clock = clock;
        this.observer = observer;
        this.timesChanges = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        this.seen = version();
        List<IpRange> first = read();
        if (first.isEmpty() && alwaysAllowed.isEmpty()) {
            throw new IllegalArgumentException("the file " + file + " lists no address, so nobody could call back");
        }
        this.current = allowlist(first);
        this.lastCheck = clock.millis();
    }

    @Override
    public boolean permits(@Nullable String client) {
        long now = clock.millis();
        if (isDue(now)) {
            if (checkingSince.compareAndSet(IDLE, now)) {
                try {
                    // Another thread may have finished the same check in between.
                    if (isDue(now)) {
                        reloadIfChanged(now);
                    }
                } finally {
                    lastCheck = now;
                    overdue.set(false);
                    checkingSince.set(IDLE);
                }
            } else {
                reportIfOverdue(now);
            }
        }
        return current.permits(client);
    }

    /** A clock that was set back must not put off the next check until it has caught up. */
    private boolean isDue(long now) {
        return Math.abs(now - lastCheck) >= CHECK_INTERVAL.toMillis();
    }

    private void reportIfOverdue(long now) {
        long since = checkingSince.get();
        if (since != IDLE && now - since >= PATIENCE.toMillis() && overdue.compareAndSet(false, true)) {
            observer.kept("the file " + file + " has not answered for "
                    + Duration.ofMillis(now - since).toSeconds() + " s; check the file system it is on");
        }
    }

    private void reloadIfChanged(long now) {
        Version version = version();
        boolean changed = !Objects.equals(version, seen);
        if (!(changed || unreadable) || isBeingWritten(version, now)) {
            return;
        }
        List<IpRange> ranges = List.of();
        IllegalArgumentException problem = null;
        try {
            ranges = read();
            requireAny(ranges);
        } catch (IllegalArgumentException e) {
            problem = e;
        }
        if (!Objects.equals(version(), version)) {
            return; // It was written while it was read, so neither is known: the next check decides.
        }
        seen = version;
        unreadable = problem != null && problem.getCause() instanceof IOException;
        if (problem == null) {
            current = allowlist(ranges);
            observer.reloaded(ranges.size());
        } else if (changed || !unreadable) {
            observer.kept(String.valueOf(problem.getMessage()));
        }
    }

    private void requireAny(List<IpRange> ranges) {
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("the file " + file
                    + " lists no address. To permit nobody, list an address" + " that nobody has, such as 192.0.2.1");
        }
    }

    /** A writer that truncates the file first, or pauses, leaves a shorter list to be read for a while. */
    private static boolean isBeingWritten(@Nullable Version version, long now) {
        return version != null && Math.abs(now - version.modified().toMillis()) < CHECK_INTERVAL.toMillis();
    }

    private @Nullable Version version() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    attributes.fileKey(),
                    file.toRealPath(),
                    timesChanges ? Files.getAttribute(file, "unix:ctime") : null);
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
