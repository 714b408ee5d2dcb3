package io.github.captchacallback.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads durations: a number with its unit, or ISO 8601. */
final class DurationType {

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Duration MOST = Duration.ofDays(365);

    private DurationType() {}

    /** Returns the type of durations from {@code least} to 365 days. */
    static SettingType<Duration> from(Duration least) {
        return type(least, text -> parse(text, least));
    }

    /** Returns the type of durations without a fraction of a second, from {@code least} to 365 days. */
    static SettingType<Duration> wholeSecondsFrom(Duration least) {
        return type(least, text -> {
            Duration duration = parse(text, least);
            if (duration.toNanosPart() != 0) {
                throw text.refused("the wire counts in seconds", "Write whole seconds, such as 300s");
            }
            return duration;
        });
    }

    private static SettingType<Duration> type(Duration least, SettingType.Parser<Duration> parser) {
        String from = least.toMillisPart() == 0 ? least.toSeconds() + "s" : least.toMillis() + "ms";
        return SettingType.of(
                "duration, " + from + " to " + MOST.toDays() + "d", Duration.class, parser, Duration::toString);
    }

    private static Duration parse(SettingText text, Duration least) {
        Duration duration = parse(text.text());
        if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(MOST) > 0) {
            throw text.refused(
                    "this is no duration in range",
                    "Write a number with its unit, ms, s, m, h or d, such as 300s; the least is " + least.toMillis()
                            + "ms, the most " + MOST.toDays() + "d");
        }
        return duration;
    }

    private static @Nullable Duration parse(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            return text.startsWith("P") ? Duration.parse(text) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
