package org.cpet.plugin.models;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TensorSpec;

/** Collects a layout in the order of the forward pass. */
public final class LayoutBuilder {
    private final List<TensorSpec> tensors = new ArrayList<>();
    private final List<Pattern> buffers = new ArrayList<>();
    private final List<LinearSpec> linears = new ArrayList<>();
    private final List<AttentionSpec> attentions = new ArrayList<>();
    private final List<FeedForwardSpec> feedForwards = new ArrayList<>();
    private final Map<String, String> aliases = new LinkedHashMap<>();

    /** A table [rows, columns] drawn from Normal(deviation). */
    public LayoutBuilder table(String name, int rows, int columns, double deviation) {
        return tensor(name, new Shape(rows, columns), new TensorSpec.Normal(deviation), false);
    }

    /** A layer norm's scale and shift. */
    public LayoutBuilder layerNorm(String name, int width) {
        rmsNorm(name, width);
        return tensor(name + ".bias", new Shape(width), new TensorSpec.Constant(0), false);
    }

    /** A norm's scale. */
    public LayoutBuilder rmsNorm(String name, int width) {
        return tensor(name + ".weight", new Shape(width), new TensorSpec.Constant(1), false);
    }

    /** A linear layer [out, in] that a file must hold. */
    public LayoutBuilder linear(String name, LinearRole role, int out, int in, boolean bias, double deviation) {
        return linear(LinearSpec.dense(name, role, out, in, bias), deviation, false);
    }

    /** A linear layer of a head, drawn from the seed when a file lacks it. */
    public LayoutBuilder optionalLinear(String name, LinearRole role, int out, int in, double deviation) {
        return linear(LinearSpec.dense(name, role, out, in, true), deviation, true);
    }

    /** An output head [out, in] whose weight is the table {@code tiedTo}; a file may hold it twice. */
    public LayoutBuilder tiedHead(String name, int out, int in, String tiedTo) {
        linears.add(LinearSpec.dense(name, LinearRole.HEAD, out, in, false));
        return alias(name + ".weight", tiedTo);
    }

    /** Another name of a tensor. */
    public LayoutBuilder alias(String other, String name) {
        aliases.put(other, name);
        return this;
    }

    /** A name that files carry and nobody needs, as a regular expression. */
    public LayoutBuilder buffer(String regex) {
        buffers.add(Pattern.compile(regex));
        return this;
    }

    public LayoutBuilder attention(AttentionSpec spec) {
        attentions.add(spec);
        return this;
    }

    public LayoutBuilder feedForward(FeedForwardSpec spec) {
        feedForwards.add(spec);
        return this;
    }

    /** The layout. */
    public ModelLayout build(String family, ModelTask task, int hiddenSize, int vocabulary, String basePrefix) {
        return new ModelLayout(
                family,
                task,
                hiddenSize,
                vocabulary,
                basePrefix,
                tensors,
                buffers,
                linears,
                attentions,
                feedForwards,
                aliases);
    }

    private LayoutBuilder linear(LinearSpec spec, double deviation, boolean optional) {
        linears.add(spec);
        tensor(spec.name() + ".weight", new Shape(spec.out(), spec.in()), new TensorSpec.Normal(deviation), optional);
        if (spec.bias()) {
            tensor(spec.name() + ".bias", new Shape(spec.out()), new TensorSpec.Constant(0), optional);
        }
        return this;
    }

    private LayoutBuilder tensor(String name, Shape shape, TensorSpec.Start start, boolean optional) {
        tensors.add(new TensorSpec(name, shape, start, optional));
        return this;
    }
}
