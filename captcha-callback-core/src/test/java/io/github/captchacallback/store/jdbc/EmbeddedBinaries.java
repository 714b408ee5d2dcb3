package io.github.captchacallback.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks the PostgreSQL server that is on the test's class path. */
final class EmbeddedBinaries {

    private EmbeddedBinaries() {}

    /** Unpacks it into an empty directory, and returns that of its programs. */
    static Path unpack(Path directory) {
        try (InputStream archive =
                        Objects.requireNonNull(ClassLoader.getSystemResourceAsStream("postgres-linux-x86_64.txz"));
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                Path file = directory.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(Objects.requireNonNull(file.getParent()));
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(Objects.requireNonNull(file.getParent()));
                    Files.copy(tar, file);
                    file.toFile().setExecutable((entry.getMode() & 0100) != 0, false);
                }
            }
            return directory.resolve("bin");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
