package org.cpet.runtime.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.spi.InputException;
import org.cpet.spi.Nearest;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TensorSpec;

/**
 * A layout held against the headers of files.
 *
 * @param store the files
 * @param found the file's tensor for each tensor of the layout
 * @param copies tensors that repeat one under another name, and the one they repeat; both are in the files
 * @param drawn head tensors that no file provides
 * @param skipped tensors nobody needs: buffers, and heads of another task
 * @param stored those of them that are kept in the type they are stored in
 * @param problems what does not fit, in the layout's order
 */
public record ModelCheck(
        TensorStore store,
        Map<String, TensorEntry> found,
        Map<String, String> copies,
        List<TensorSpec> drawn,
        List<String> skipped,
        Set<String> stored,
        List<String> problems) {
    private static final int SHOWN = 5;

    public ModelCheck {
        found = Map.copyOf(found);
        copies = Map.copyOf(copies);
        drawn = List.copyOf(drawn);
        skipped = List.copyOf(skipped);
        stored = Set.copyOf(stored);
        problems = List.copyOf(problems);
    }

    static ModelCheck of(ModelLayout layout, TensorStore store) {
        Places places = Places.of(layout, store);
        List<String> problems = new ArrayList<>();
        List<TensorSpec> drawn = new ArrayList<>();
        for (TensorSpec spec : layout.tensors()) {
            Optional<TensorEntry> entry = Optional.ofNullable(places.found().get(spec.name()));
            if (entry.isPresent()) {
                fault(spec, entry.get()).ifPresent(problems::add);
            } else if (spec.optional()) {
                drawn.add(spec);
            } else {
                problems.add(
                        "missing " + spec.name() + " " + spec.shape() + Nearest.hint(spec.name(), places.unexpected()));
            }
        }
        places.unexpected().forEach(name -> problems.add("unexpected " + name));
        places.twice().forEach(name -> problems.add("two tensors for " + name));
        return new ModelCheck(
                store, places.found(), places.copies(), drawn, places.skipped(), stored(layout), problems);
    }

    private static Set<String> stored(ModelLayout layout) {
        return layout.tensors().stream()
                .filter(spec -> spec.start() instanceof TensorSpec.Stored)
                .map(TensorSpec::name)
                .collect(Collectors.toSet());
    }

    /**
     * This check, when nothing is wrong.
     *
     * @throws InputException naming the first problems and how many there are
     */
    public ModelCheck require() {
        if (problems.isEmpty()) {
            return this;
        }
        String listed = String.join(", ", problems.subList(0, Math.min(SHOWN, problems.size())));
        String more = problems.size() > SHOWN ? ", and " + (problems.size() - SHOWN) + " more" : "";
        String count = problems.size() == 1 ? "1 tensor does" : problems.size() + " tensors do";
        throw new InputException(store.name() + ": " + count + " not fit config.json: " + listed + more);
    }

    private static Optional<String> fault(TensorSpec spec, TensorEntry entry) {
        if (!entry.shape().equals(spec.shape())) {
            return Optional.of(entry.name() + " has shape " + entry.shape() + ", not " + spec.shape());
        }
        if (spec.start() instanceof TensorSpec.Stored stored) {
            return entry.type().arrayType().filter(stored.type()::equals).isPresent()
                    ? Optional.empty()
                    : Optional.of(entry.name() + " has dtype " + entry.type() + ", not " + stored.type());
        }
        return entry.type().isFloating()
                ? Optional.empty()
                : Optional.of(entry.name() + " has dtype " + entry.type() + ", not F64, F32, F16 or BF16");
    }

    /** Where the files' tensors go. */
    private record Places(
            Map<String, TensorEntry> found,
            Map<String, String> copies,
            List<String> skipped,
            List<String> unexpected,
            List<String> twice) {
        static Places of(ModelLayout layout, TensorStore store) {
            Places places = new Places(
                    new LinkedHashMap<>(),
                    new LinkedHashMap<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
            TensorNames names = new TensorNames(layout);
            store.tensors().values().forEach(entry -> places.put(names, entry));
            store.tensors()
                    .values()
                    .forEach(entry -> names.original(entry.name())
                            .filter(original -> names.place(entry.name()).isEmpty())
                            .ifPresent(original -> places.copy(original, entry)));
            return places;
        }

        private void put(TensorNames names, TensorEntry entry) {
            Optional<String> place = names.place(entry.name());
            if (place.isPresent()) {
                if (found.putIfAbsent(place.get(), entry) != null) {
                    twice.add(place.get());
                }
            } else if (names.original(entry.name()).isEmpty()) {
                (names.isBuffer(entry.name()) ? skipped : unexpected).add(entry.name());
            }
        }

        private void copy(String original, TensorEntry entry) {
            TensorEntry first = found.putIfAbsent(original, entry);
            if (first != null) {
                copies.put(entry.name(), first.name());
            }
        }
    }
}
