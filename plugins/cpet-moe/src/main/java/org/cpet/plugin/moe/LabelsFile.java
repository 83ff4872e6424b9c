package org.cpet.plugin.moe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cpet.spi.InputException;
import org.cpet.spi.Nearest;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.ModelLayout;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Reads {@code {ffn: [expert of each neuron]}}, every FFN of the model, every expert with as many neurons. */
final class LabelsFile {
    private final Path file;
    private final ModelLayout layout;
    private final int experts;
    private final JsonParser json;

    private LabelsFile(Path file, ModelLayout layout, int experts, JsonParser json) {
        this.file = file;
        this.layout = layout;
        this.experts = experts;
        this.json = json;
    }

    /**
     * Labels by the FFN's name.
     *
     * @throws InputException when the file cannot be read or does not fit the model
     */
    static Map<String, int[]> read(Path file, ModelLayout layout, int experts) {
        try (InputStream bytes = Files.newInputStream(file);
                JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), bytes)) {
            return new LabelsFile(file, layout, experts, json).document();
        } catch (NoSuchFileException e) {
            throw new InputException("labels: no such file; found " + file, e);
        } catch (IOException e) {
            throw new InputException("labels: " + file + " cannot be read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new InputException(file + place + ": not JSON: " + reason, e);
        }
    }

    private Map<String, int[]> document() {
        List<String> names =
                layout.feedForwards().stream().map(FeedForwardSpec::name).toList();
        Map<String, int[]> labels = new LinkedHashMap<>();
        expect(json.nextToken(), JsonToken.START_OBJECT, "an object of FFNs");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            FeedForwardSpec block = layout.feedForwards().stream()
                    .filter(known -> known.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> problem("unknown FFN; found " + name + "; allowed names such as " + names.get(0)
                            + Nearest.hint(name, names)));
            if (labels.put(name, labels(block)) != null) {
                throw problem("duplicate key; found " + name + " again; allowed once");
            }
        }
        names.stream().filter(name -> !labels.containsKey(name)).findFirst().ifPresent(missing -> {
            throw problem(
                    "FFN " + missing + " is missing; found " + labels.size() + " FFNs; allowed all " + names.size());
        });
        return labels;
    }

    private int[] labels(FeedForwardSpec block) {
        expect(json.nextToken(), JsonToken.START_ARRAY, "a list of experts for " + block.name());
        IntStream.Builder labels = IntStream.builder();
        int[] sizes = new int[experts];
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && json.getNumberType() == JsonParser.NumberType.INT;
            if (!whole || json.getIntValue() < 0 || json.getIntValue() >= experts) {
                throw problem("an expert of " + block.name() + "; found " + json.getString() + "; allowed 0 to "
                        + (experts - 1));
            }
            sizes[json.getIntValue()]++;
            labels.add(json.getIntValue());
        }
        int[] found = labels.build().toArray();
        int width = block.units() / experts;
        if (found.length != block.units() || !IntStream.of(sizes).allMatch(size -> size == width)) {
            throw problem("experts of " + block.name() + "; found " + found.length + " neurons in experts of "
                    + IntStream.of(sizes).min().orElse(0) + " to "
                    + IntStream.of(sizes).max().orElse(0) + "; allowed "
                    + block.units() + " neurons, " + width + " for each of " + experts + " experts");
        }
        return found;
    }

    private void expect(@Nullable JsonToken found, JsonToken expected, String allowed) {
        if (found != expected) {
            throw problem("found " + (found == null ? "an empty document" : json.getString()) + "; allowed " + allowed);
        }
    }

    private InputException problem(String message) {
        TokenStreamLocation at = json.currentTokenLocation();
        return new InputException(file + ":" + at.getLineNr() + ":" + Math.max(1, at.getColumnNr()) + ": " + message);
    }
}
