package org.cpet.plugin.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TensorSpec;

/** Our own key of {@code config.json} for models whose layers differ: key/value heads and neurons by block. */
public final class SavedWidths {
    static final String KEY = "block_widths";

    private SavedWidths() {}

    /**
     * The layout with the widths that the config lists.
     *
     * @throws org.cpet.spi.InputException when one is no block's, or not 1 to the number for all layers
     */
    public static ModelLayout apply(ModelConfig config, ModelLayout layout) {
        if (!config.has(KEY)) {
            return layout;
        }
        ModelConfig listed = config.object(KEY)
                .orElseThrow(() -> config.problem("'" + KEY + "'; found no object; allowed widths by block"));
        List<String> blocks = Stream.concat(
                        layout.attentions().stream().map(AttentionSpec::name),
                        layout.feedForwards().stream().map(FeedForwardSpec::name))
                .toList();
        listed.values().keySet().stream()
                .filter(name -> !blocks.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw config.problem(
                            "'" + KEY + "'; found " + name + "; allowed names of blocks such as " + blocks.get(0));
                });
        ModelLayout narrowed = layout.narrow(
                block -> width(listed, block.name(), block.groups()),
                block -> width(listed, block.name(), block.units()));
        return narrowed.withTensors(tensors(narrowed));
    }

    private static int width(ModelConfig listed, String block, int most) {
        int width = listed.integer(block, most);
        if (width < 1 || width > most) {
            throw listed.problem("'" + KEY + "." + block + "'; found " + width + "; allowed 1 to " + most);
        }
        return width;
    }

    /** Tensors of layers follow the layers. */
    private static List<TensorSpec> tensors(ModelLayout layout) {
        Map<String, long[]> shapes = new HashMap<>();
        layout.linears().forEach(linear -> {
            shapes.put(linear.name() + ".weight", new long[] {linear.out(), linear.in()});
            shapes.put(linear.name() + ".bias", new long[] {linear.out()});
        });
        List<TensorSpec> tensors = new ArrayList<>();
        for (TensorSpec tensor : layout.tensors()) {
            long[] shape = shapes.get(tensor.name());
            tensors.add(shape == null ? tensor : tensor.shaped(shape));
        }
        return tensors;
    }
}
