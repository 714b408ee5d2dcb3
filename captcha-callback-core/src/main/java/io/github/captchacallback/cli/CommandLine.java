package io.github.captchacallback.cli;

import io.github.captchacallback.http.Refusal;
import io.github.captchacallback.protocol.CallbackUrl;
import io.github.captchacallback.protocol.Reference;
import io.github.captchacallback.protocol.TaskId;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.CallbackSettingsException;
import io.github.captchacallback.settings.Secret;
import io.github.captchacallback.settings.SettingValues;
import io.github.captchacallback.settings.SignatureSettings.Scheme;
import io.github.captchacallback.signature.SignatureScheme;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Makes keys, mints callback URLs and judges them, and works on dead letters, on an operator's command line. All but the last
 * uses nothing but the JDK and what the core's own jar contains, since that jar is run alone.
 */
public final class CommandLine {

    static final int ACCEPTED = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;

    private static final String HELP = """
            java -jar captcha-callback-core.jar COMMAND

              keygen [KEY-ID]                  makes a signing key, as a line of a properties file
              sign [--settings FILE] [TASK-ID] mints a callback URL; the id is for signature.scheme=task-id
              verify [--settings FILE] URL     says in a word whether a callback URL is good; exits with 0 or 1
              explain [--settings FILE] URL    says why: which check, which key, how old
              dead list [--settings FILE]      lists the dead letters of a shared store, without their answers
              dead replay [--settings FILE] REFERENCE          has one delivered again
              dead discard [--settings FILE] REFERENCE REASON  erases one; the reason is printed

            Settings are read from the file, over them from system properties (-Dcaptcha.callback.…, before -jar), and over
            those from environment variables (CAPTCHA_CALLBACK_…). Quote URLs, since they hold '&' and '?'. No secret is
            printed but by keygen. For 'dead', put the store's driver and this jar's libraries on the class path (-cp), and name
            the class io.github.captchacallback.cli.CommandLine instead of -jar.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final InstantSource clock;
    private final Map<String, String> environment;
    private final Properties system;

    CommandLine(
            PrintStream out, PrintStream err, InstantSource clock, Map<String, String> environment, Properties system) {
        this.out = out;
        this.err = err;
        this.clock = clock;
        this.environment = environment;
        this.system = system;
    }

    /**
     * Runs a command, and exits with 0 where it has done its work, 1 where a URL is refused, and 2 where the command or the
     * settings cannot be used.
     */
    public static void main(String[] arguments) {
        CommandLine commandLine = new CommandLine(
                System.out, System.err, InstantSource.system(), System.getenv(), System.getProperties());
        System.exit(commandLine.run(arguments));
    }

    int run(String... arguments) {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        String command = words.isEmpty() ? "" : words.remove(0);
        try {
            return switch (command) {
                case "keygen" -> words.size() > 1 ? usage() : keygen(words.isEmpty() ? month() : words.get(0));
                case "sign" -> sign(words);
                case "dead" -> dead(words);
                case "verify", "explain" -> inspect(words, command.equals("explain"));
                default -> usage();
            };
        } catch (CallbackSettingsException e) {
            err.println(e.getMessage());
            return USAGE;
        }
    }

    private int usage() {
        err.print(HELP);
        return USAGE;
    }

    private String month() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString().substring(0, "2026-11".length());
    }

    private int keygen(String keyId) {
        byte[] key = new byte[Secret.MIN_BYTES];
        new SecureRandom().nextBytes(key);
        String line = "signature.keys." + keyId;
        String secret = "base64:" + Base64.getEncoder().encodeToString(key);
        // Read back, so that what is printed can be used: a key id has its rules.
        CallbackSettings.from(Map.of(line, secret, "public-url", "https://example.com/callback"));
        out.println(CallbackSettings.PREFIX + line + "=" + secret);
        return ACCEPTED;
    }

    private int sign(List<String> words) {
        CallbackSettings settings = settings(words);
        boolean byTaskId = settings.signature().scheme() == Scheme.TASK_ID;
        if (words.size() != (byTaskId ? 1 : 0)) {
            return usage();
        }
        if (settings.publicUrl() == null || !settings.signature().enabled()) {
            err.println(
                    "Nothing is signed: captcha.callback.public-url is not set, or captcha.callback.signature.enabled is"
                            + " off.");
            return USAGE;
        }
        if (byTaskId && !TaskId.isValid(words.get(0))) {
            err.println("A task id has 1 to 128 letters, digits, '.', '_', ':' and '-'.");
            return USAGE;
        }
        String claimKey = byTaskId ? words.get(0) : Reference.random(new SecureRandom());
        out.println(CallbackUrl.of(
                settings,
                SignatureScheme.of(settings).issue(claimKey, clock.instant().getEpochSecond())));
        if (settings.pending().enabled()) {
            err.println("No application expects this callback: it will be refused as an unknown task.");
        }
        return ACCEPTED;
    }

    private int inspect(List<String> words, boolean explain) {
        CallbackSettings settings = settings(words);
        if (words.size() != 1) {
            return usage();
        }
        CallbackUrlInspector.Inspection inspection = new CallbackUrlInspector(settings, clock).inspect(words.get(0));
        if (explain) {
            inspection.findings().forEach(out::println);
        }
        out.println(verdict(inspection.refusal(), explain));
        return inspection.refusal() == null ? ACCEPTED : REFUSED;
    }

    private int dead(List<String> words) {
        String action = words.isEmpty() ? "" : words.remove(0);
        SettingValues values = values(words);
        int operands =
                switch (action) {
                    case "list" -> 0;
                    case "replay" -> 1;
                    case "discard" -> 2;
                    default -> -1;
                };
        return words.size() == operands ? new DeadLetterCommand(out, err, clock).run(values, words) : usage();
    }

    private static String verdict(@Nullable Refusal refusal, boolean explain) {
        if (!explain) {
            return refusal == null ? "valid" : refusal.error();
        }
        return refusal == null
                ? "The URL is good. Whether its callback is expected and the first, the running application knows."
                : "Refused with " + refusal.status() + ", " + refusal.error() + ": " + refusal.reason() + ".";
    }

    private CallbackSettings settings(List<String> words) {
        return CallbackSettings.from(values(words));
    }

    /** Takes the option for settings out of the words, and finds their values. */
    private SettingValues values(List<String> words) {
        SettingValues values = SettingValues.none();
        if (words.size() > 1 && words.get(0).equals("--settings")) {
            words.remove(0);
            values = SettingValues.ofFile(Path.of(words.remove(0)));
        }
        return values.overriddenBy(system, environment);
    }
}
