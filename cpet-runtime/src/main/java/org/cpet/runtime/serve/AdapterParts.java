package org.cpet.runtime.serve;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.InputPath;
import org.cpet.spi.model.KeyValuePrefix;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.SoftPrompt;
import org.cpet.spi.model.TransformerModel;

/**
 * What stands in a model's sites while one adapter is attached.
 *
 * @param layers paths before and beside layers
 * @param mixes whether that is all: an adapter that also changes the model's own tensors cannot share a pass
 */
record AdapterParts(
        Map<LinearSite, Paths> layers,
        Map<AttentionSite, KeyValuePrefix> prefixes,
        Optional<SoftPrompt> prompt,
        boolean mixes) {
    /** The bare model. */
    static final AdapterParts NONE = new AdapterParts(Map.of(), Map.of(), Optional.empty(), true);

    /** Paths of one layer. */
    record Paths(List<InputPath> inputs, List<Bypass> bypasses) {
        static final Paths NONE = new Paths(List.of(), List.of());

        boolean isEmpty() {
            return inputs.isEmpty() && bypasses.isEmpty();
        }
    }

    /**
     * Reads a model with an adapter attached.
     *
     * @param before the model's tensors without it
     */
    static AdapterParts of(TransformerModel model, List<Object> before) {
        Map<LinearSite, Paths> layers = new LinkedHashMap<>();
        for (LinearSite site : model.linears()) {
            Paths paths = new Paths(site.inputs(), site.bypasses());
            if (!paths.isEmpty()) {
                layers.put(site, paths);
            }
        }
        Map<AttentionSite, KeyValuePrefix> prefixes = new LinkedHashMap<>();
        for (AttentionSite site : model.attentions()) {
            site.prefix().tokens().ifPresent(prefix -> prefixes.put(site, prefix));
        }
        Optional<SoftPrompt> prompt =
                model.embeddings().map(EmbeddingSite::prompt).flatMap(site -> site.tokens());
        return new AdapterParts(layers, prefixes, prompt, same(before, values(model)));
    }

    /** The tensors and the layers of a model as they are now. */
    static List<Object> values(TransformerModel model) {
        return Stream.<Object>concat(
                        model.tensors().stream().map(ModelTensor::value),
                        model.linears().stream().map(LinearSite::op))
                .toList();
    }

    /** By identity: arrays of equal content would be equal. */
    private static boolean same(List<Object> before, List<Object> after) {
        IdentityHashMap<Object, Boolean> known = new IdentityHashMap<>();
        before.forEach(value -> known.put(value, true));
        return before.size() == after.size()
                && IntStream.range(0, after.size()).allMatch(i -> known.containsKey(after.get(i)));
    }

    /** Virtual tokens before a row: those of the prompt, and those of the longest prefix. */
    int virtualTokens() {
        int prefix = prefixes.values().stream()
                .mapToInt(KeyValuePrefix::length)
                .max()
                .orElse(0);
        return prefix + prompt.map(SoftPrompt::length).orElse(0);
    }

    /** Paths of a layer. */
    Paths paths(LinearSite site) {
        return layers.getOrDefault(site, Paths.NONE);
    }
}
