package org.cpet.plugin.pet.prompt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.spi.OptionException;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.SoftPrompt;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

/** A soft prompt before the embeddings of a model. */
final class PromptModule implements PetModule, SoftPrompt {
    /** PEFT's name of the tensor. */
    static final String TENSOR = "prompt_embeddings";

    private final Ops ops;
    private final TransformerModel model;
    private final EmbeddingSite site;
    private final int length;
    private final PartTensor embeddings;
    private boolean attached;

    /** @param embeddings [length, hidden] or, for an encoder and a decoder as PEFT has it, [2 · length, hidden] */
    PromptModule(Ops ops, TransformerModel model, EmbeddingSite site, int length, NDArray embeddings) {
        this.ops = ops;
        this.model = model;
        this.site = site;
        this.length = length;
        List<Axis> axes = List.of(
                Axis.whole(embeddings.getShape().get(0)),
                Axis.hidden(embeddings.getShape().get(1)));
        this.embeddings = new PartTensor(new TrainableTensor(TENSOR, embeddings), axes);
    }

    @Override
    public int length() {
        return length;
    }

    /** PEFT reserves as many rows for a decoder, and never reads them. */
    @Override
    public NDArray embeddings() {
        NDArray all = embeddings.value();
        return all.getShape().get(0) == length ? all : all.get(new NDIndex().addSliceDim(0, length));
    }

    /** The prompt's channels that the hidden states have kept. */
    @Override
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        return embeddings.inherit(ops, taught, lineage);
    }

    @Override
    public boolean mergeable() {
        return false;
    }

    @Override
    public void merge() {
        throw new OptionException("prompt cannot be folded into weights; found virtual tokens, which stand before those"
                + " of a row; allowed an adapter directory");
    }

    @Override
    public Map<String, Object> peftConfig() {
        return PeftPrompt.write(length, model);
    }

    @Override
    public List<TrainableTensor> parameters() {
        return List.of(embeddings.tensor());
    }

    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(parameters());
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    @Override
    public void attach() {
        if (!attached) {
            site.prompt().add(this);
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            site.prompt().remove(this);
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        embeddings.value().close();
    }
}
