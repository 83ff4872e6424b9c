package org.cpet.plugin.pruning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;

/**
 * How much each channel of the hidden states matters to the layers of the blocks, and the output head, that read it: the
 * sum over them of what {@link UnitScores} counts, or with a Taylor criterion the slope of the loss along one gate before
 * all of them.
 */
final class HiddenImportance {
    private static final String HIDDEN = "hidden";

    private HiddenImportance() {}

    static double[] of(
            StructuredPruningOptions options,
            PluginContext context,
            TransformerModel model,
            CalibrationData calibration) {
        int channels = model.layout().hiddenSize();
        List<LinearSite> readers = model.linears().stream()
                .filter(site -> site.role().readsHidden())
                .filter(site -> site.role().inBlock() || site.role() == LinearRole.HEAD)
                .toList();
        long rows = options.calibrationRows();
        if (options.criterion() == Criterion.TAYLOR) {
            List<UnitGate> gates = new ArrayList<>();
            readers.forEach(site -> gates.add(new UnitGate(context.ops(), site, channels)));
            Map<String, double[]> found =
                    new TaylorScores(context.ops(), model, rows).measure(Map.of(HIDDEN, gates), calibration);
            return found.getOrDefault(HIDDEN, new double[channels]);
        }
        Map<String, double[]> energy = options.criterion() == Criterion.ACTIVATION
                ? new ActivationEnergy("structured_pruning", context.ops(), model, rows).measure(readers, calibration)
                : Map.of();
        double[] sums = new double[channels];
        for (LinearSite site : readers) {
            double[] ofColumn = energy.getOrDefault(site.name(), UnitScores.ones(channels));
            double[] scores = UnitScores.of(context.ops(), site, ofColumn, channels);
            for (int channel = 0; channel < channels; channel++) {
                sums[channel] += scores[channel];
            }
        }
        return sums;
    }
}
