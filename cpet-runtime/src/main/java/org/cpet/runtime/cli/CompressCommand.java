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
import org.cpet.runtime.recipe.RecipeSource;
import org.cpet.runtime.recipe.Recipes;
import org.cpet.runtime.script.CompressedModel;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.runtime.script.WeightMasks;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
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

    @Option(names = "--recipe", required = true, description = "a recipe; only its compression section is used")
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
        try (Desk desk = Desk.open(plugins, 0);
                OpenedModel opened =
                        OpenedModel.open(model, DataType.FLOAT32, desk.engine(), desk.catalog(), desk.context())) {
            long before = bytes(opened);
            List<CompressionReport> reports = CompressedModel.compress(
                    opened.model(),
                    Recipes.compression(RecipeSource.file(recipe), List.of(), desk.catalog()),
                    desk.context());
            new ModelWriter(desk.engine().ops()).write(opened.model(), ModelDirectory.open(model), output);
            if (masks != null) {
                WeightMasks.write(masks, opened.model(), reports, desk.engine().ops());
            }
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("output", output.toString());
            facts.put("linear_bytes_before", before);
            facts.put("linear_bytes_after", bytes(opened));
            facts.put("file_bytes", Files.size(output.resolve("model.safetensors")));
            unpacked(opened)
                    .ifPresent(storage -> desk.context()
                            .notice("layers held as " + storage + " are written as the dense weights they stand for;"
                                    + " a recipe with the same compression packs them again"));
            Optional<String> ownForm = opened.model().savedForm();
            ownForm.ifPresent(why -> desk.context().notice("stock loaders cannot read " + output + ": " + why));
            facts.put("stock_loaders", ownForm.isEmpty());
            if (json) {
                System.out.println(Json.write(facts));
            } else {
                facts.forEach((name, value) -> System.out.printf("%-22s %s%n", name, value));
            }
            return 0;
        }
    }

    /** How layers are held that no model file can hold. */
    private static Optional<String> unpacked(OpenedModel opened) {
        return opened.model().linears().stream()
                .map(LinearSite::op)
                .filter(op -> !(op instanceof DenseLinear) && op.packed().isEmpty())
                .map(LinearOp::storage)
                .findFirst();
    }

    private static long bytes(OpenedModel opened) {
        return opened.model().linears().stream()
                .map(LinearSite::op)
                .mapToLong(op -> op.bytes())
                .sum();
    }
}
