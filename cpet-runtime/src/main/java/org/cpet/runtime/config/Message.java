package org.cpet.runtime.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The one form of every message about a recipe: {@code what; found RAW; allowed ...; did you mean NEAREST?}, parts that
 * do not apply left out.
 *
 * @param found the text as written
 */
public record Message(String what, Optional<String> found, Optional<String> allowed, Optional<String> nearest) {
    private static final int LONGEST_FOUND = 80;

    /** A rule that was broken, without more. */
    public static Message of(String what) {
        return new Message(what, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A name that does not exist among those that do. */
    public static Message unknown(String what, String found, Collection<String> known) {
        Message message = of(what).found(found);
        message = known.isEmpty() ? message.allowed("none") : message.allowed(String.join(", ", known));
        return message.nearest(Suggestions.nearest(found, known));
    }

    /** The same with what was written. */
    public Message found(String raw) {
        return new Message(what, Optional.of(raw.isEmpty() ? "nothing" : oneLine(raw)), allowed, nearest);
    }

    /** The same with what may be written instead. */
    public Message allowed(String text) {
        return new Message(what, found, Optional.of(text), nearest);
    }

    /** The same with the name that was probably meant. */
    public Message nearest(Optional<String> name) {
        return new Message(what, found, allowed, name);
    }

    /** The line. */
    public String text() {
        List<String> parts = new ArrayList<>(List.of(what));
        found.ifPresent(raw -> parts.add("found " + raw));
        allowed.ifPresent(text -> parts.add("allowed " + text));
        nearest.ifPresent(name -> parts.add("did you mean " + name + "?"));
        return String.join("; ", parts);
    }

    @Override
    public String toString() {
        return text();
    }

    /** Text of any length and content as a part of one line. */
    public static String oneLine(String raw) {
        return oneLine(raw, LONGEST_FOUND);
    }

    /** The same with at most {@code longest} characters. */
    public static String oneLine(String raw, int longest) {
        StringBuilder line = new StringBuilder();
        raw.codePoints().limit(longest).forEach(point -> {
            if (point == '\n') {
                line.append("\\n");
            } else if (Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE) {
                line.append(String.format("\\u%04x", point));
            } else {
                line.appendCodePoint(point);
            }
        });
        return raw.codePointCount(0, raw.length()) > longest ? line + "..." : line.toString();
    }
}
