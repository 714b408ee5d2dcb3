package io.github.captchacallback.settings;

import io.github.captchacallback.address.IpRange;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Represents a kind of values: how their text is read, described and shown.
 *
 * @param description what a text looks like and which range it has, in Markdown
 * @param javaType the class by which an editor would represent a value, see {@link SettingDescription#javaType()}
 * @param choices the texts, or entries of a list, that an editor suggests; empty if there are none
 * @param blankIsUnset whether a blank text is treated as if the key were not given
 * @param parser reads a text
 * @param shown turns a value into text, a number, a boolean or a list of texts
 */
record SettingType<T>(
        String description,
        Class<?> javaType,
        List<String> choices,
        boolean blankIsUnset,
        Parser<T> parser,
        Function<T, Object> shown) {

    /** Reads the text of a setting, or throws what {@link SettingText#refused(String, String)} returns. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(SettingText text);
    }

    static final SettingType<Boolean> BOOLEAN = of(
            "boolean",
            Boolean.class,
            text -> chosen(text, List.of(true, false), String::valueOf),
            Boolean::booleanValue);

    static final SettingType<String> TEXT = text("text", SettingText::text);

    static final SettingType<Path> FILE = of("file", String.class, SettingType::file, Path::toString);

    /** A blank list is refused: it would be read as no list, which usually allows everybody. */
    static final SettingType<List<IpRange>> ADDRESSES = new SettingType<>(
            "list of addresses",
            List.class,
            List.of(),
            false,
            SettingType::addresses,
            ranges -> ranges.stream()
                    .map(range -> range.first() + "-" + range.last())
                    .toList());

    /** Returns a type without suggestions that treats a blank text as unset. */
    static <T> SettingType<T> of(String description, Class<?> javaType, Parser<T> parser, Function<T, Object> shown) {
        return new SettingType<>(description, javaType, List.of(), true, parser, shown);
    }

    /** Returns a type of values that are shown as they are written. */
    static SettingType<String> text(String description, Parser<String> parser) {
        return of(description, String.class, parser, text -> text);
    }

    /** Returns the type of an enum whose constants are written in small letters, with '-' for '_'. */
    static <E extends Enum<E>> SettingType<E> choice(E[] constants) {
        return choice(
                constants, constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    static <T> SettingType<T> choice(T[] choices, Function<T, String> name) {
        List<T> all = List.of(choices);
        List<String> names = all.stream().map(name).toList();
        return new SettingType<>(
                description(names), String.class, names, true, text -> chosen(text, all, name), name::apply);
    }

    private static String description(List<String> choices) {
        List<String> quoted = choices.stream().map(choice -> "`" + choice + "`").toList();
        int last = quoted.size() - 1;
        return last == 0 ? quoted.get(0) : String.join(", ", quoted.subList(0, last)) + " or " + quoted.get(last);
    }

    /** Returns the type of whole numbers from {@code least} to {@code most}; {@link Long#MAX_VALUE} is no limit. */
    static SettingType<Long> number(long least, long most) {
        return of(
                (most == Long.MAX_VALUE ? "number " : "number, ") + range(least, most),
                Long.class,
                text -> number(text, least, most),
                number -> number);
    }

    /** Returns the type of whole numbers of bytes from {@code least} to {@code most}. */
    static SettingType<Integer> bytes(int least, int most) {
        return of(
                "number of bytes, " + range(least, most),
                Integer.class,
                text -> (int) number(text, least, most),
                number -> number);
    }

    /** Returns this type with texts that an editor suggests. Others may be allowed as well. */
    SettingType<T> suggesting(String... texts) {
        return new SettingType<>(description, javaType, List.of(texts), blankIsUnset, parser, shown);
    }

    /** Splits a list at its commas. */
    static List<String> entries(SettingText text) {
        return Arrays.stream(text.text().split(",", -1))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private static <T> T chosen(SettingText text, List<T> choices, Function<T, String> name) {
        return choices.stream()
                .filter(choice -> name.apply(choice).equals(text.text()))
                .findFirst()
                .orElseThrow(() -> text.refused(
                        "this is none of the choices",
                        "Write " + choices.stream().map(name).collect(Collectors.joining(" or "))));
    }

    private static long number(SettingText text, long least, long most) {
        long number = text.text().matches("[0-9]{1,18}") ? Long.parseLong(text.text()) : -1;
        if (number < least || number > most) {
            String unlimited = most == Long.MAX_VALUE ? "a number " : "";
            throw text.refused("this is no number in range", "Write " + unlimited + range(least, most));
        }
        return number;
    }

    private static String range(long least, long most) {
        return most == Long.MAX_VALUE ? "from " + least + " on" : least + " to " + most;
    }

    private static Path file(SettingText text) {
        try {
            return Path.of(text.text());
        } catch (InvalidPathException e) {
            throw text.refused("this is no path", "Write the path of a file");
        }
    }

    private static List<IpRange> addresses(SettingText text) {
        List<IpRange> ranges = new ArrayList<>();
        for (String entry : entries(text)) {
            try {
                ranges.add(IpRange.parse(entry));
            } catch (IllegalArgumentException e) {
                throw text.refused(entry, String.valueOf(e.getMessage()), "Correct or remove this entry of the list");
            }
        }
        if (ranges.isEmpty()) {
            throw text.refused("this list has no entry", "Give at least one, or remove the key");
        }
        return List.copyOf(ranges);
    }
}
