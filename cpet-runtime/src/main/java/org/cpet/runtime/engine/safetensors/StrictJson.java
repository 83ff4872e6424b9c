package org.cpet.runtime.engine.safetensors;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.function.Consumer;
import org.cpet.spi.InputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;

/** Jackson's tokens under the limits of a header. */
final class StrictJson {
    private static final int DEPTH = 4;
    private static final int SHOWN = 120;

    private StrictJson() {}

    /** Reads one document; its faults become {@link InputException}s that begin with {@code what}. */
    static void parse(String what, HeaderBytes bytes, SafetensorsLimits limits, Consumer<JsonParser> body) {
        try (Reader text = bytes.text();
                JsonParser json = parser(text, limits)) {
            body.accept(json);
            if (json.nextToken() != null) {
                throw new InputException(what + "; found text after the closing brace; allowed spaces");
            }
        } catch (JacksonIOException | IOException e) {
            boolean coding = e instanceof CharacterCodingException || e.getCause() instanceof CharacterCodingException;
            throw new InputException(what + (coding ? " is not valid UTF-8" : " cannot be read: " + e.getMessage()), e);
        } catch (JacksonException e) {
            throw new InputException(what + " is not valid JSON: " + reason(e), e);
        }
    }

    private static JsonParser parser(Reader text, SafetensorsLimits limits) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(DEPTH)
                .maxNumberLength(64)
                // in characters, so a little more than the bytes that are checked exactly later
                .maxNameLength(Math.max(limits.nameBytes(), 1024))
                .maxStringLength(limits.metadataBytes())
                .build();
        JsonFactory factory =
                new JsonFactoryBuilder().streamReadConstraints(constraints).build();
        return factory.createParser(ObjectReadContext.empty(), text);
    }

    private static String reason(JacksonException e) {
        String said = e instanceof UnexpectedEndOfInputException
                ? "it ends too early"
                : e.getOriginalMessage().replaceAll(", from `[^`]*`", "");
        long at = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
        return shown(said.lines().findFirst().orElse("")) + (at < 0 ? "" : " at character " + at);
    }

    /** Untrusted text as a message may show it: one line, not too long. */
    static String shown(String raw) {
        String line = raw.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
