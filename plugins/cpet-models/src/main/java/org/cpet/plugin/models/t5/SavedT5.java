package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cpet.plugin.models.SavedSizes;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/**
 * The saved form of a narrowed model. The table of relative positions loses the columns of the removed heads; where the
 * blocks of a stack lost different ones, each block gets a table of its own, which stock configs do not know.
 */
record SavedT5(T5Model model) {
    Map<String, Object> config() {
        SavedSizes sizes = new SavedSizes(model);
        Map<String, Object> config = new LinkedHashMap<>(model.config().values());
        config.put("num_heads", sizes.groups());
        config.put("d_ff", sizes.units());
        config.put("d_model", model.layout().hiddenSize());
        config.put("num_layers", model.encoder().blocks().size());
        config.put("num_decoder_layers", model.decoder().blocks().size());
        sizes.putWidths(config);
        if (sizes.rectified() && model.feedForwards().get(0).ins().size() == 1) {
            config.put("feed_forward_proj", "relu");
            config.computeIfPresent("dense_act_fn", (key, before) -> "relu");
        }
        if (perBlock()) {
            config.put(T5Config.PER_BLOCK, true);
        }
        return config;
    }

    Optional<String> problem() {
        return perBlock()
                ? Optional.of("the blocks of a stack kept different heads, so each has its own table of relative"
                        + " positions, which stock configs do not know")
                : new SavedSizes(model).problem();
    }

    List<ModelTensor> tensors() {
        List<ModelTensor> tensors = new ArrayList<>();
        model.tensors().stream()
                .filter(tensor -> !tensor.name().endsWith(T5Layout.BUCKETS))
                .map(tensor -> new ModelTensor(model.savedName(tensor.name()), tensor.value()))
                .forEach(tensors::add);
        stacks().forEach(stack -> stack.blocks().stream()
                .limit(perBlock() ? stack.blocks().size() : 1)
                .forEach(block -> tensors.add(table(block))));
        return tensors;
    }

    private boolean perBlock() {
        return model.config().flag(T5Config.PER_BLOCK, false) || stacks().anyMatch(stack -> heads(stack) > 1);
    }

    private static long heads(T5Stack stack) {
        return stack.blocks().stream()
                .map(block -> Arrays.toString(block.self().site().keptHeads()))
                .distinct()
                .count();
    }

    private ModelTensor table(T5Block block) {
        AttentionSite attention = block.self().site();
        NDArray table = block.buckets().value();
        String name = model.savedName(attention.name()) + T5Layout.BUCKETS;
        if (attention.heads() == table.getShape().get(1)) {
            return new ModelTensor(name, table);
        }
        Ops ops = model.sites().ops();
        NDArray heads = table.getManager()
                .create(Arrays.stream(attention.keptHeads()).asLongStream().toArray());
        return new ModelTensor(name, ops.embedding(heads, table.transpose()).transpose());
    }

    private Stream<T5Stack> stacks() {
        return Stream.of(model.encoder(), model.decoder());
    }
}
