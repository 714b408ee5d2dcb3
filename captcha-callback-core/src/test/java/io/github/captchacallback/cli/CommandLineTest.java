package io.github.captchacallback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.Inbox;
import io.github.captchacallback.IssuedCallback;
import io.github.captchacallback.MutableClock;
import io.github.captchacallback.Verdict;
import io.github.captchacallback.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {

    private static final String OLD = "an-older-secret-that-is-kept-to-verify-only-2026";
    private static final String NEW = "correct-horse-battery-staple-2026-november";

    @TempDir
    private Path folder = Path.of("");

    private final MutableClock clock = new MutableClock(Instant.ofEpochSecond(1_793_000_000));
    private final Map<String, String> environment = new HashMap<>();
    private final Properties system = new Properties();
    private String out = "";
    private String err = "";

    @BeforeEach
    void configure() {
        system.setProperty("captcha.callback.public-url", "https://your-server.com/captcha/callback");
        system.setProperty("captcha.callback.signature.keys.2026-11", NEW);
    }

    private int run(String... arguments) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int exit = new CommandLine(
                        new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                        new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                        clock,
                        environment,
                        system)
                .run(arguments);
        out = outBytes.toString(StandardCharsets.UTF_8).strip();
        err = errBytes.toString(StandardCharsets.UTF_8).strip();
        assertThat(out + err).doesNotContain(OLD).doesNotContain(NEW);
        return exit;
    }

    /** Makes a dead letter in a database, and returns its reference. */
    private String bury() throws SQLException {
        String url = "jdbc:h2:mem:dead-letters;DB_CLOSE_DELAY=-1";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (!connection
                    .getMetaData()
                    .getTables(null, null, "CAPTCHA_CALLBACK", null)
                    .next()) {
                statement.execute(
                        "runscript from" + " 'src/main/resources/io/github/captchacallback/store/jdbc/schema-h2.sql'");
            }
        }
        system.setProperty("captcha.callback.store.type", "jdbc");
        system.setProperty("captcha.callback.store.jdbc.url", url);
        try (CaptchaCallbacks callbacks = Wire.builder(clock)
                .set("store.type", "jdbc")
                .set("store.jdbc.url", url)
                .build()) {
            IssuedCallback issued = callbacks.issue();
            Inbox inbox = callbacks.inbox().orElseThrow();
            Verdict.Accepted accepted =
                    (Verdict.Accepted) inbox.accept(Wire.callback(issued.url(), Wire.TASK_ID, "a-paid-answer"));
            inbox.firstAttempt(accepted).bury("the disk is full");
            return issued.reference();
        }
    }

    @Test
    void deadThenListedWithoutTheAnswerReplayedAndDiscarded() throws Exception {
        String first = bury();
        String second = bury();

        assertThat(run("dead", "list")).isZero();
        assertThat(out).contains(first, second, "the disk is full").doesNotContain("a-paid-answer");
        assertThat(run("dead", "replay", first)).isZero();
        assertThat(run("dead", "replay", first)).isEqualTo(1);
        assertThat(err).contains("no dead letter of reference " + first);
        assertThat(run("dead", "discard", second, " ")).isEqualTo(2);
        assertThat(run("dead", "discard", second, "refunded by hand")).isZero();
        assertThat(out).contains(second, "refunded by hand");
        assertThat(run("dead", "list")).isZero();
        assertThat(out).isEqualTo("There are no dead letters.");
    }

    @Test
    void deadWhenTheStoreIsInMemoryThenSaysWhereElseToLook() {
        assertThat(run("dead", "list")).isEqualTo(2);
        assertThat(err).contains("store.type", "memory", "actuator");
    }

    @Test
    void deadWhenSomethingIsMissingThenUsage() {
        assertThat(run("dead")).isEqualTo(2);
        assertThat(run("dead", "bury", "x")).isEqualTo(2);
        assertThat(run("dead", "discard", "a-reference")).isEqualTo(2);
        assertThat(err).contains("dead discard [--settings FILE] REFERENCE REASON");
    }

    private String signed() {
        assertThat(run("sign")).isZero();
        return out;
    }

    @Test
    void keygenThenItsLineSignsAndVerifies() throws IOException {
        assertThat(run("keygen")).isZero();
        assertThat(out).matches("captcha\\.callback\\.signature\\.keys\\.2026-10=base64:[A-Za-z0-9+/]{43}=");
        Path file = Files.writeString(folder.resolve("captcha.properties"), out + "\n");
        system.remove("captcha.callback.signature.keys.2026-11");
        assertThat(run("sign", "--settings", file.toString())).isZero();
        String url = out;
        assertThat(run("verify", "--settings", file.toString(), url)).isZero();
        assertThat(run("verify", url)).isEqualTo(CommandLine.USAGE);
        assertThat(err).contains("captcha.callback.signature.keys.<key-id>: there is no signing key");
    }

    @Test
    void keygenThenNoTwoKeysAreAlikeAndABadIdIsRefused() {
        run("keygen", "a");
        String first = out;
        run("keygen", "a");
        assertThat(out).isNotEqualTo(first);
        assertThat(run("keygen", "a b")).isEqualTo(CommandLine.USAGE);
        assertThat(err).contains("Write 1 to 32 letters");
    }

    @Test
    void signThenTheRunningLibraryAcceptsTheUrl() {
        String url = signed();
        assertThat(err).contains("No application expects this callback");
        try (CaptchaCallbacks callbacks = CaptchaCallbacks.builder()
                .publicUrl("https://your-server.com/captcha/callback")
                .signingKey("2026-11", NEW)
                .set("pending.enabled", "false")
                .clock(clock)
                .build()) {
            assertThat(callbacks.verify(Wire.callback(url))).isInstanceOf(Verdict.Accepted.class);
        }
    }

    @Test
    void verifyThenOneWordAndAnExitCode() {
        String url = signed();
        assertThat(run("verify", url)).isZero();
        assertThat(out).isEqualTo("valid");
        assertThat(run("verify", url + "0")).isEqualTo(CommandLine.REFUSED);
        assertThat(out).isEqualTo("malformed callback");
        assertThat(run("verify", url.replace("https", "http"))).isEqualTo(CommandLine.REFUSED);
        assertThat(out).isEqualTo("https required");
        assertThat(run("verify", url.replace("v1.2026-11", "v1.2026-12"))).isEqualTo(CommandLine.REFUSED);
        assertThat(out).isEqualTo("invalid signature");
        assertThat(run("verify", "https://your-server.com/other")).isEqualTo(CommandLine.REFUSED);
        assertThat(run("verify", "no url at all")).isEqualTo(CommandLine.REFUSED);
        clock.advance(Duration.ofSeconds(601));
        assertThat(run("verify", url)).isEqualTo(CommandLine.REFUSED);
        assertThat(out).isEqualTo("expired");
    }

    @Test
    void explainThenWhichKeyAndHowOldWithoutTheMac() {
        String url = signed();
        clock.advance(Duration.ofSeconds(40));
        assertThat(run("explain", url + "&id=1&code=%41")).isZero();
        assertThat(out)
                .contains("Key 2026-11, the active one, signed it for https://your-server.com/captcha/callback.")
                .contains(", 40 s ago; it may be 600 s old, and 5 s in the future.")
                .doesNotContain(url.substring(url.lastIndexOf('.') + 1));
        system.setProperty("captcha.callback.signature.keys.2026-12", OLD);
        system.setProperty("captcha.callback.signature.active-key", "2026-12");
        assertThat(run("explain", url)).isZero();
        assertThat(out).contains("Key 2026-11, an older one that still verifies,");
        clock.advance(Duration.ofMinutes(-1));
        assertThat(run("explain", url)).isEqualTo(CommandLine.REFUSED);
        assertThat(out).contains("20 s in the future").contains("Refused with 403, expired");
    }

    @Test
    void explainWhenNoKeyOfOursSignedThenWhetherTheKeyIsMissingOrTheAudienceAnother() {
        String url = signed();
        assertThat(run("explain", url.replace("v1.2026-11", "v1.2031-01"))).isEqualTo(CommandLine.REFUSED);
        assertThat(out).contains("It names key 2031-01, which is not in the ring [2026-11].");
        environment.put("CAPTCHA_CALLBACK_SIGNATURE_AUDIENCE", "staging");
        assertThat(run("explain", url)).isEqualTo(CommandLine.REFUSED);
        assertThat(out).contains("Key 2026-11 did not sign it for staging:");
    }

    @Test
    void taskIdsAreSignedAndExplainedToo() {
        system.setProperty("captcha.callback.signature.scheme", "task-id");
        assertThat(run("sign")).isEqualTo(CommandLine.USAGE);
        assertThat(run("sign", "a task")).isEqualTo(CommandLine.USAGE);
        assertThat(run("sign", "70123456789")).isZero();
        String url = out;
        assertThat(run("explain", url + "&id=70123456789")).isZero();
        assertThat(out).contains("Key 2026-11, the active one,");
        assertThat(run("explain", url + "&id=70123456780")).isEqualTo(CommandLine.REFUSED);
        assertThat(out).contains("None of the keys [2026-11] signed this task id.");
        assertThat(run("explain", url)).isEqualTo(CommandLine.REFUSED);
        assertThat(out).contains("'id' is missing");
    }

    @Test
    void tokensInThePathAreExplainedToo() {
        system.setProperty("captcha.callback.signature.url-style", "path");
        String url = signed();
        assertThat(run("verify", url + "?id=1&code=x")).isZero();
        assertThat(run("explain", "https://your-server.com/captcha/callback")).isEqualTo(CommandLine.REFUSED);
        assertThat(out).contains("the path is not spelled /captcha/callback");
    }

    @Test
    void explainWhenAProxyRewritesThePathThenThePublicOneCounts() {
        system.setProperty("captcha.callback.path", "/behind/the/proxy");
        String url = signed();
        assertThat(run("verify", url)).isZero();
        assertThat(run("explain", url.replace("your-server.com", "other.example")))
                .isZero();
        assertThat(out).contains("It does not begin with https://your-server.com/captcha/callback:");
    }

    @Test
    void whatCannotBeUnderstoodThenTheHelp() {
        assertThat(run()).isEqualTo(CommandLine.USAGE);
        assertThat(err).startsWith("java -jar captcha-callback-core.jar COMMAND");
        assertThat(run("verify")).isEqualTo(CommandLine.USAGE);
        assertThat(run("keygen", "a", "b")).isEqualTo(CommandLine.USAGE);
        assertThat(run("--help")).isEqualTo(CommandLine.USAGE);
    }
}
