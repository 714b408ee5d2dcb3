package io.github.captchacallback.cli;

import io.github.captchacallback.CaptchaCallbacks;
import io.github.captchacallback.DeadLetters;
import io.github.captchacallback.settings.CallbackSettings;
import io.github.captchacallback.settings.SettingValues;
import io.github.captchacallback.store.CallbackStoreException;
import io.github.captchacallback.store.DeadPage;
import io.github.captchacallback.store.StoredCallback;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Lists, replays or discards dead letters in the store that the settings name. No answer is read or printed. */
record DeadLetterCommand(PrintStream out, PrintStream err, InstantSource clock) {

    private static final String IN_MEMORY = "caffeine";
    private static final int PAGE = 100;

    /**
     * Runs the command.
     *
     * @param operands none to list, a reference to replay it, a reference and a reason to discard it
     */
    int run(SettingValues values, List<String> operands) {
        if (CallbackSettings.from(values).store().type().equals(IN_MEMORY)) {
            err.println(
                    "captcha.callback.store.type is caffeine: dead letters are in the application's memory, and this"
                            + " process cannot reach it. Use the actuator endpoint captchacallback, or CaptchaCallbacks.deadLetters().");
            return CommandLine.USAGE;
        }
        try (CaptchaCallbacks callbacks =
                CaptchaCallbacks.builder().settings(values).clock(clock).build()) {
            Optional<DeadLetters> dead = callbacks.deadLetters();
            if (dead.isEmpty()) {
                err.println(
                        "There are no dead letters: the store keeps no answers, or captcha.callback.replay.enabled is off.");
                return CommandLine.USAGE;
            }
            return run(dead.get(), operands);
        } catch (CallbackStoreException e) {
            err.println(
                    "The store failed: " + e.getMessage() + ". Check that it is available from here, and try again.");
            return CommandLine.REFUSED;
        } catch (NoClassDefFoundError e) {
            err.println("A library is missing: " + e.getMessage()
                    + ". Put the store's driver and the libraries of the core on"
                    + " the class path: java -cp 'captcha-callback-core.jar:lib/*' " + CommandLine.class.getName()
                    + " dead …");
            return CommandLine.USAGE;
        }
    }

    private int run(DeadLetters dead, List<String> operands) {
        if (operands.isEmpty()) {
            return list(dead);
        }
        String reference = operands.get(0);
        boolean replays = operands.size() == 1;
        if (!replays && operands.get(1).isBlank()) {
            err.println("A dead letter was paid for. Give a reason to discard it.");
            return CommandLine.USAGE;
        }
        boolean done = replays ? dead.replay(reference) : dead.discard(reference, operands.get(1));
        if (!done) {
            err.println("There is no dead letter of reference " + reference + ".");
            return CommandLine.REFUSED;
        }
        out.println(
                replays
                        ? "Reference " + reference + " is delivered again by the running application."
                        : "Reference " + reference + " was discarded: " + operands.get(1));
        return CommandLine.ACCEPTED;
    }

    private int list(DeadLetters dead) {
        long listed = 0;
        String cursor = null;
        do {
            DeadPage page = dead.list(PAGE, cursor);
            page.entries().forEach(letter -> out.println(describe(letter)));
            listed += page.entries().size();
            cursor = page.next();
        } while (cursor != null);
        if (listed == 0) {
            out.println("There are no dead letters.");
        }
        return CommandLine.ACCEPTED;
    }

    private static String describe(StoredCallback letter) {
        Duration age = letter.age();
        return letter.key() + " task " + letter.taskId()
                + (age == null ? "" : " arrived " + age.toSeconds() + " s ago")
                + ", kept for " + letter.remaining().toHours() + " h more, after " + letter.attempts() + " attempts: "
                + letter.reason();
    }
}
