package org.cpet.runtime.cli;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.runtime.model.SavedBlocks;
import org.cpet.runtime.recipe.Configured;
import org.cpet.runtime.recipe.RecipeSource;
import org.cpet.runtime.recipe.Recipes;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.script.CompressedModel;
import org.cpet.runtime.script.CompressionLedger;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.runtime.script.WeightMasks;
import org.cpet.runtime.wiring.DataCompression;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.event.RunEvent;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.TransformerModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet compress}. */
@Command(
        name = "compress",
        mixinStandardHelpOptions = true,
        description = "Compresses a model directory by a recipe's compression section and writes it as a directory.")
final class CompressCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "model directory")
    private Path model;

    @Option(
            names = "--recipe",
            required = true,
            description = "a recipe; its compression section is used, and with section data its rows, healing and"
                    + " metrics too")
    private Path recipe;

    @Option(names = "--output", required = true, description = "directory to write; must not exist")
    private Path output;

    @Option(
            names = "--masks",
            description = "safetensors file to write as well: LAYER.mask, uint8 [out, in], 1 where a weight of a"
                    + " compressed layer is not zero")
    private @Nullable Path masks;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() throws IOException {
        if (Files.exists(output)) {
            throw new CpetException(ExitCode.RUN_DIRECTORY, output + " exists; allowed a new directory");
        }
        RecipeSource source = RecipeSource.file(recipe);
        if (Recipes.hasHealing(source) && !Recipes.hasData(source)) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "healing outside a run needs section 'data'; found none in " + recipe
                            + "; allowed data beside healing.text, or a recipe without healing");
        }
        return Recipes.hasData(source) ? withData(source) : alone(source);
    }

    /** By compressors alone, opened for what the config says. */
    private int alone(RecipeSource source) throws IOException {
        try (Desk desk = Desk.open(plugins, 0);
                OpenedModel opened =
                        OpenedModel.open(model, DataType.FLOAT32, desk.engine(), desk.catalog(), desk.context())) {
            ModelDirectory directory = ModelDirectory.open(model);
            CompressionLedger ledger = new CompressionLedger(desk.engine(), directory, longest(desk), any -> Map.of());
            List<Configured<Compressor>> compression = Recipes.compression(source, List.of(), desk.catalog());
            long before = bytes(opened.model());
            ledger.add("original", opened.model());
            List<CompressionReport> reports =
                    CompressedModel.compress(opened.model(), compression, desk.context(), ledger::add);
            return finish(desk, opened.model(), before, reports, ledger);
        }
    }

    /** By a whole recipe on another model: compressors measure its rows, healing reads them, quality is told. */
    private int withData(RecipeSource source) throws IOException {
        List<String> here = List.of("model.path=" + model.toAbsolutePath(), "model.init=weights");
        try (Desk desk = Desk.open(plugins, 0)) {
            ResolvedRecipe resolved = Recipes.resolve(source, here, desk.catalog());
            if (resolved.estimation().isPresent()) {
                throw new CpetException(
                        ExitCode.RECIPE,
                        "an estimation trains a PET, which compress does not; found estimation in " + recipe
                                + "; allowed cpet run with export: {model: safetensors}");
            }
            try (DataCompression compression = DataCompression.of(
                    resolved, output, desk.catalog(), desk.engine(), longest(desk), event -> tell(desk, event))) {
                long before = bytes(compression.original());
                TransformerModel compressed = compression.compress();
                return finish(desk, compressed, before, compression.reports(), compression.ledger());
            }
        }
    }

    private static void tell(Desk desk, RunEvent event) {
        if (event instanceof RunEvent.Notice notice) {
            desk.context().notice(notice.message());
        }
    }

    private int longest(Desk desk) {
        ModelConfig config = ModelDirectory.open(model).config();
        return Extensions.families(desk.catalog(), desk.context())
                .of(config)
                .longestRow(config)
                .orElse(Integer.MAX_VALUE);
    }

    private int finish(
            Desk desk,
            TransformerModel compressed,
            long before,
            List<CompressionReport> reports,
            CompressionLedger ledger)
            throws IOException {
        new ModelWriter(desk.engine().ops()).write(compressed, ModelDirectory.open(model), output);
        if (masks != null) {
            WeightMasks.write(masks, compressed, reports, desk.engine().ops());
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("output", output.toString());
        facts.put("linear_bytes_before", before);
        facts.put("linear_bytes_after", bytes(compressed));
        facts.put("file_bytes", Files.size(output.resolve("model.safetensors")));
        unpacked(compressed)
                .ifPresent(storage -> desk.context()
                        .notice("layers held as " + storage + " are written as the dense weights they stand for;"
                                + " a recipe with the same compression packs them again"));
        SavedBlocks.notice(compressed).ifPresent(form -> desk.context().notice(output + ": " + form));
        Optional<String> ownForm = compressed.savedForm().or(() -> packed(compressed));
        ownForm.ifPresent(why -> desk.context().notice("stock loaders cannot read " + output + ": " + why));
        facts.put("stock_loaders", ownForm.isEmpty());
        facts.put("timed_batch", ledger.batch());
        facts.put("ledger", ledger.lines());
        if (json) {
            System.out.println(Json.write(facts));
        } else {
            facts.remove("ledger");
            facts.forEach((name, value) -> System.out.printf("%-22s %s%n", name, value));
            System.out.print(ledger.text());
        }
        return 0;
    }

    /** Why stock loaders cannot read layers that are written packed. */
    private static Optional<String> packed(TransformerModel model) {
        return model.linears().stream()
                .map(LinearSite::op)
                .filter(op -> op.packed().isPresent())
                .findFirst()
                .map(op -> "layers are packed as " + op.storage()
                        + " in a form of our own, which quantization_config describes");
    }

    /** How layers are held that no model file can hold. */
    private static Optional<String> unpacked(TransformerModel model) {
        return model.linears().stream()
                .map(LinearSite::op)
                .filter(op -> !(op instanceof DenseLinear) && op.packed().isEmpty())
                .map(LinearOp::storage)
                .findFirst();
    }

    private static long bytes(TransformerModel model) {
        return model.linears().stream()
                .map(LinearSite::op)
                .mapToLong(op -> op.bytes())
                .sum();
    }
}
