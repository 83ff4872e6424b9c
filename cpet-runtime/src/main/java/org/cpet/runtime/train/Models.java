package org.cpet.runtime.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cpet.runtime.recipe.DenseLayers;
import org.cpet.runtime.recipe.HealingSection;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.estimate.Selection;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.jspecify.annotations.Nullable;

/** M and C, each opened when first asked for and then reused; both map the same files, so M's weights are there once. */
public final class Models implements AutoCloseable {
    private final Supplier<TransformerModel> loader;
    private final List<Compressor> compressors;
    private final CalibrationData calibration;
    private final boolean estimates;
    private final Consumer<Lineage> kept;
    private BiConsumer<String, TransformerModel> watcher = (step, model) -> {};
    private final List<CompressionReport> reports = new ArrayList<>();
    private Optional<Consumer<TransformerModel>> healing = Optional.empty();
    private @Nullable Selection selection;
    private @Nullable TransformerModel original;
    private @Nullable TransformerModel compressed;

    /**
     * Made from a way to load the base model and the compressors in the recipe's order.
     *
     * @param estimates whether an estimation narrows M before the compressors
     * @param kept told what compression kept, once it is done
     */
    public Models(
            Supplier<TransformerModel> loader,
            List<Compressor> compressors,
            CalibrationData calibration,
            boolean estimates,
            Consumer<Lineage> kept) {
        this.loader = loader;
        this.compressors = List.copyOf(compressors);
        this.calibration = calibration;
        this.estimates = estimates;
        this.kept = kept;
    }

    /** M. */
    public TransformerModel original() {
        if (original == null) {
            original = loader.get();
        }
        return original;
    }

    /** Whether there is a C. */
    public boolean compresses() {
        return estimates || !compressors.isEmpty();
    }

    /** What C starts from: M without what an estimation did not choose. */
    public void narrow(Selection chosen) {
        selection = chosen;
    }

    /** Before its weights are packed, C goes through this. */
    public void healBy(Consumer<TransformerModel> heal) {
        healing = Optional.of(heal);
    }

    /** Shows C after each compressor, and after healing, with the name of what was done. */
    public void watch(BiConsumer<String, TransformerModel> observer) {
        watcher = observer;
    }

    /** C: M after estimation and every compressor, without any PET. */
    public TransformerModel compressed() {
        if (compressed == null) {
            TransformerModel model = loader.get();
            compressed = model;
            if (estimates) {
                Selections.narrow(model, Objects.requireNonNull(selection, "the estimation comes first"));
            }
            compress(model);
            kept.accept(Lineage.of(model));
        }
        return compressed;
    }

    private void compress(TransformerModel model) {
        boolean healed = healing.isEmpty();
        for (Compressor compressor : compressors) {
            ModelLayout present = model.layout();
            if (!healed && DenseLayers.packs(present, compressor.plan(present))) {
                heal(model);
                healed = true;
            }
            CompressionReport report = compressor.compress(model, calibration);
            reports.add(report);
            watcher.accept(report.method(), model);
        }
        if (!healed) {
            heal(model);
        }
    }

    private void heal(TransformerModel model) {
        healing.orElseThrow().accept(model);
        watcher.accept(HealingSection.STAGE, model);
    }

    /** What the compressors did, once {@link #compressed} was asked for. */
    public List<CompressionReport> reports() {
        return List.copyOf(reports);
    }

    @Override
    public void close() {
        if (original != null) {
            original.close();
        }
        if (compressed != null) {
            compressed.close();
        }
    }
}
