package io.github.captchacallback.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes a keystore with a self-signed key for 127.0.0.1. */
final class TestKeystore {

    static final String PASSWORD = "changeit";
    static final String TYPE = "PKCS12";

    private static final String ALIAS = "test";

    private TestKeystore() {}

    private static final class Made {
        static final Path FILE = make();
    }

    /** Returns the keystore, the same one in each test. */
    static Path file() {
        return Made.FILE;
    }

    /** Returns a context for a server with the key, and for a client that trusts it. */
    static SSLContext sslContext() {
        try {
            KeyStore keystore = load();
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keystore, PASSWORD.toCharArray());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(keystore);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the certificate and its key, as proxies read them. */
    static String pem() {
        try {
            KeyStore keystore = load();
            return pem("CERTIFICATE", keystore.getCertificate(ALIAS).getEncoded())
                    + pem(
                            "PRIVATE KEY",
                            keystore.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }

    private static KeyStore load() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file())) {
            KeyStore keystore = KeyStore.getInstance(TYPE);
            keystore.load(in, PASSWORD.toCharArray());
            return keystore;
        }
    }

    private static Path make() {
        try {
            Path directory = Files.createTempDirectory("keystore");
            Path file = directory.resolve("test.p12");
            directory.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            ALIAS,
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-storetype",
                            TYPE,
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
