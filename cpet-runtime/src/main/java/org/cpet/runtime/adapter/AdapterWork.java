package org.cpet.runtime.adapter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.cpet.runtime.checkpoint.OutputDirectory;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Configured;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.adapter.AdapterCodec;
import org.cpet.spi.adapter.AdapterMerger;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.PackedAdapter;
import org.cpet.spi.adapter.TaskVector;

/** {@code cpet adapter}: everything but what needs a model. */
public final class AdapterWork {
    private final AdapterLoader loader;
    private final PluginContext context;

    public AdapterWork(PluginCatalog catalog, PluginContext context) {
        this.loader = new AdapterLoader(catalog, context);
        this.context = context;
    }

    /**
     * Where an adapter comes from and where it goes.
     *
     * @param initial directory of the adapter or model that training started from
     */
    public record Paths(Path adapter, Optional<Path> initial, Path output, boolean overwrite) {
        /** Refuses an output directory that is there, before anything is read. */
        public void check() {
            OutputDirectory.check(output, overwrite);
        }
    }

    /** Packs an adapter; with a trial, with the setting whose loss is lowest, else with that of the options. */
    public Map<String, Object> compress(Paths paths, Configured<AdapterCodec> method, Optional<AdapterTrial> trial) {
        paths.check();
        LoadedAdapter adapter = loader.load(paths.adapter(), paths.initial());
        AdapterCodec codec = method.create(context);
        List<List<PackedAdapter>> choices = new ArrayList<>();
        for (AdapterHalf half : AdapterWriter.halves(adapter)) {
            half.packed().ifPresent(packed -> {
                throw new InputException(packed.path() + " is compressed already; found codec " + packed.codec()
                        + "; allowed a dense adapter");
            });
            TaskVector vector = half.vector().unpack();
            choices.add(named(half, () -> trial.isPresent() ? codec.candidates(vector) : List.of(codec.pack(vector))));
        }
        int best = trial.map(each -> each.best(adapter, choices)).orElse(0);
        List<PackedAdapter> packed =
                choices.stream().map(candidates -> candidates.get(best)).toList();
        OutputDirectory.write(paths.output(), AdapterWriter.packed(adapter, packed, method.name()), paths.overwrite());
        return AdapterFacts.of(loader.load(paths.output(), paths.initial()), paths.output());
    }

    /** Writes a packed adapter as a PEFT directory again. */
    public Map<String, Object> decompress(Paths paths) {
        paths.check();
        LoadedAdapter adapter = loader.load(paths.adapter(), paths.initial());
        if (AdapterWriter.halves(adapter).stream()
                .noneMatch(half -> half.packed().isPresent())) {
            throw new InputException(paths.adapter() + " is not compressed; allowed a directory that"
                    + " `cpet adapter compress` wrote");
        }
        return written(paths, adapter, vectors(adapter));
    }

    /** What a directory holds, and how near another is. */
    public Map<String, Object> info(Path directory, Optional<Path> initial, Optional<Path> other) {
        LoadedAdapter adapter = loader.load(directory, initial);
        Map<String, Object> facts = AdapterFacts.of(adapter, directory);
        other.ifPresent(path -> facts.put("compared", AdapterFacts.compared(adapter, loader.load(path, initial))));
        return facts;
    }

    /** Merges adapters of the same tensors into a dense one; what is kept as it is comes from the first. */
    public Map<String, Object> merge(
            List<Path> directories, Paths paths, Configured<AdapterMerger> method, Optional<AdapterTrial> trial) {
        paths.check();
        List<LoadedAdapter> adapters = directories.stream()
                .map(path -> loader.load(path, paths.initial()))
                .toList();
        LoadedAdapter first = adapters.get(0);
        adapters.forEach(other -> Mergeable.check(first, other));
        Mergeable.keptOf(adapters).ifPresent(context::notice);
        AdapterMerger merger = method.create(context);
        if (merger.needsObjective() && (trial.isEmpty() || first.recovery().isPresent())) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    trial.isEmpty()
                            ? method.name()
                                    + " measures adapters on rows of data; allowed --recipe, or --model and --data"
                            : method.name() + " measures one module; found a recovery module beside it in "
                                    + first.directory() + "; allowed adapters without one");
        }
        List<AdapterVector> merged = new ArrayList<>();
        for (int i = 0; i < vectors(first).size(); i++) {
            int half = i;
            List<AdapterVector> experts =
                    adapters.stream().map(adapter -> vectors(adapter).get(half)).toList();
            merged.add(merger.merge(experts, candidate -> trial.orElseThrow().loss(first, List.of(candidate))));
        }
        return written(paths, first, merged);
    }

    /** Facts for a terminal, one a line. */
    public static void lines(Map<String, Object> facts, List<String> lines) {
        AdapterFacts.lines(facts, "", lines);
    }

    private Map<String, Object> written(Paths paths, LoadedAdapter like, List<AdapterVector> vectors) {
        OutputDirectory.write(paths.output(), AdapterWriter.dense(like, vectors), paths.overwrite());
        return AdapterFacts.of(loader.load(paths.output(), paths.initial()), paths.output());
    }

    private static List<AdapterVector> vectors(LoadedAdapter adapter) {
        return AdapterWriter.halves(adapter).stream().map(AdapterHalf::vector).toList();
    }

    private static <T> T named(AdapterHalf half, Supplier<T> packing) {
        try {
            return packing.get();
        } catch (InputException e) {
            throw new InputException(half.file().path() + ": " + e.getMessage(), e);
        }
    }
}
