package org.cpet.runtime.config;

import java.util.Iterator;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;

/** The parser events of a text, each with its place and the text as written; counts them and stops at the limit. */
final class YamlEvents {
    private static final int MAX_TOKENS = 20_000;
    private static final int LONGEST_REASON = 200;

    private final int[] codePoints;
    private final Function<Mark, Place> places;
    private final Problems problems;
    private final Iterator<Event> events;
    private Place here;
    private int end;
    private int tokens;

    YamlEvents(String text, Place start, Function<Mark, Place> places, Problems problems) {
        this.codePoints = text.codePoints().toArray();
        this.here = start;
        this.places = places;
        this.problems = problems;
        // the size was checked before, so that the parser's own limit never strikes first
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(2 * RecipeReader.MAX_BYTES)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    Event next() {
        Event event = parse();
        here = event.getStartMark().map(places).orElse(here);
        end = event.getEndMark().map(Mark::getIndex).orElse(end);
        if (++tokens > MAX_TOKENS) {
            throw stop(here, Message.of("the recipe is too large").allowed("at most " + MAX_TOKENS + " tokens"));
        }
        return event;
    }

    /** Where the last event starts. */
    Place here() {
        return here;
    }

    /** The text from the start of {@code first} to the end of the last event. */
    String rawFrom(Event first) {
        int start = first.getStartMark().map(Mark::getIndex).orElse(end);
        int stop = Math.min(end, codePoints.length);
        return start >= stop ? "" : new String(codePoints, start, stop - start).stripTrailing();
    }

    /** Ends the reading with one more problem. */
    RecipeException stop(Place place, Message message) {
        problems.add(place, message);
        return new RecipeException(problems.sorted());
    }

    private Event parse() {
        try {
            return events.next();
        } catch (MarkedYamlEngineException e) {
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            throw notYaml(e.getProblemMark().map(places).orElse(here), context + e.getProblem());
        } catch (ReaderException e) {
            throw stop(here, Message.of(String.format("not valid YAML: the character U+%04X", e.getCodePoint())));
        } catch (RuntimeException e) {
            // besides its own, the parser lets number and index failures of broken escapes through
            throw notYaml(here, String.valueOf(e.getMessage()));
        }
    }

    private RecipeException notYaml(Place place, String reason) {
        return stop(place, Message.of("not valid YAML: " + Message.oneLine(reason, LONGEST_REASON)));
    }
}
