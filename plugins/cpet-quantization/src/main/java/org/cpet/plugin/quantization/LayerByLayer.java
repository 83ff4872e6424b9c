package org.cpet.plugin.quantization;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Packs linear layers and frees their floating-point weights, one layer after the other. */
public final class LayerByLayer implements Compressor {
    private final String method;
    private final DenseTargets targets;
    private final WeightPacking packing;
    private final Change change;
    private final Scopes scopes;

    /** Changes one layer. */
    @FunctionalInterface
    public interface Change {
        /** Puts the packed layer into its place; runs inside a scope. */
        void apply(LinearSite site);
    }

    /** Opens the scope that a layer's tensors die with; asked for once compression begins. */
    @FunctionalInterface
    public interface Scopes {
        /** A new scope. */
        Ops.Scope open();
    }

    /** @param method its name */
    public LayerByLayer(String method, DenseTargets targets, WeightPacking packing, Scopes scopes) {
        this(
                method,
                targets,
                packing,
                scopes,
                site -> site.replace(
                        packing.pack(site.name(), site.op().weight(), site.op().bias())));
    }

    /** The same with a change of its own. */
    public LayerByLayer(String method, DenseTargets targets, WeightPacking packing, Scopes scopes, Change change) {
        this.method = method;
        this.targets = targets;
        this.packing = packing;
        this.scopes = scopes;
        this.change = change;
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        return targets.plan(layout, packing::spec);
    }

    @Override
    @SuppressWarnings("try") // the scope frees what packing makes
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        plan(model.layout());
        Set<String> chosen = targets.names(model.layout());
        List<SiteChange> changes = new ArrayList<>();
        for (LinearSite site : model.linears()) {
            if (chosen.contains(site.name())) {
                LinearSpec before = site.spec();
                try (Ops.Scope scope = scopes.open()) {
                    change.apply(site);
                    changes.add(SiteChange.between(before, site));
                }
            }
        }
        return CompressionReport.of(method, changes);
    }
}
