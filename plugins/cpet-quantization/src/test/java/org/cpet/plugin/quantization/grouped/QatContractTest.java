package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

class QatContractTest implements PetMethodContract<QatOptions> {
    private final Map<PetModule, Map<String, NDArray>> starts = new IdentityHashMap<>();
    private Optional<Ops> ops = Optional.empty();

    @Override
    public QatFactory factory() {
        return new QatFactory();
    }

    @Override
    public ToyTransformer open(ContractSession session, ToySpec spec) {
        ops = Optional.of(session.ops());
        ToyTransformer model = ToyTransformer.open(session, spec);
        RtnOptions options = new RtnOptions(4, Optional.empty(), RangeSearch.MINMAX, List.of("all-linear"), List.of());
        new RtnFactory().create(options, session.context(1)).compress(model, CalibrationData.NONE);
        return model;
    }

    /** Q(W₀) + (W − W₀) where W₀ lies on the grid: what straight-through gradients are the slope of. */
    @Override
    public NDArray differentiated(PetModule module, TransformerModel model, TokenBatch batch) {
        Map<String, NDArray> start = starts.computeIfAbsent(module, first -> {
            Map<String, NDArray> values = new LinkedHashMap<>();
            first.state()
                    .forEach((name, value) -> values.put(name, ops.orElseThrow().copy(value)));
            return values;
        });
        Map<LinearSite, Bypass> beside = new LinkedHashMap<>();
        for (TrainableTensor parameter : module.parameters()) {
            LinearSite site = model.linears().stream()
                    .filter(one -> parameter.name().equals(one.name() + LatentWeight.SUFFIX))
                    .findFirst()
                    .orElseThrow();
            Bypass moved = moved((GroupedLinear) site.op(), start.get(parameter.name()), parameter.value());
            site.add(moved);
            beside.put(site, moved);
        }
        NDArray loss = PetMethodContract.super.differentiated(module, model, batch);
        beside.forEach(LinearSite::remove);
        return loss;
    }

    private Bypass moved(GroupedLinear layer, NDArray start, NDArray now) {
        NDArray within = new RoundedWeight(ops.orElseThrow(), layer.codes(), start).within();
        return (x, mode) -> ops.orElseThrow().linear(x, now.sub(start).mul(within));
    }
}
