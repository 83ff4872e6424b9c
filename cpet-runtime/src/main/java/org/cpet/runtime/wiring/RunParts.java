package org.cpet.runtime.wiring;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.evaluate.Evaluator;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.runtime.model.SavedBlocks;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.train.EarlyPet;
import org.cpet.runtime.train.HealingStage;
import org.cpet.runtime.train.InheritThenRecover;
import org.cpet.runtime.train.Models;
import org.cpet.runtime.train.Selections;
import org.cpet.runtime.train.StageAdapters;
import org.cpet.runtime.train.TaskModule;
import org.cpet.runtime.train.TaskModules;
import org.cpet.spi.CpetException;
import org.cpet.spi.estimate.Selection;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The objects of a run. The only place where an injector is made; closing frees models and tokenizer. */
public final class RunParts implements AutoCloseable {
    private static final Key<Optional<HealingStage>> HEALING = new Key<>() {};

    private final RunInputs inputs;
    private final Injector injector;
    private final ObjectNode origin;

    private RunParts(RunInputs inputs, Injector injector) {
        this.inputs = inputs;
        this.injector = injector;
        this.origin = Provenance.inputs(
                inputs.recipe(),
                injector.getInstance(ModelLineage.class),
                inputs.catalog().origins());
    }

    /** Puts the parts together; loads no weight yet. */
    public static RunParts of(RunInputs inputs) {
        RunParts parts =
                new RunParts(inputs, unwrapped(() -> Guice.createInjector(Stage.PRODUCTION, new RunModule(inputs))));
        new RunOrigin(inputs.path(), inputs.directory()).agree(parts.origin);
        return parts;
    }

    /** The algorithm, with the stages it writes to. */
    public InheritThenRecover algorithm() {
        return get(InheritThenRecover.class);
    }

    public Models models() {
        return get(Models.class);
    }

    public TaskModules modules() {
        return get(TaskModules.class);
    }

    public StageAdapters adapters() {
        return get(StageAdapters.class);
    }

    public TaskRows rows() {
        return get(TaskRows.class);
    }

    public Evaluator evaluator() {
        return get(Evaluator.class);
    }

    /** Metrics of a model without a task module on the test rows. */
    Map<String, Double> quality(TransformerModel model) {
        return evaluator()
                .evaluate(model, rows().test(), ForwardMode.DEPLOYED)
                .measured()
                .metrics();
    }

    /** C is healed in this process, where the recipe says so, and nothing of that is kept but its weights. */
    void healHere() {
        get(HEALING).ifPresent(healing -> models().healBy(student -> healing.heal(student, models().original())));
    }

    /** Tells listeners something that must not pass in silence. */
    public void notice(String message) {
        inputs.events().notice("run", message);
    }

    /** The task module of a finished stage in its model; {@code stage} is the directory of its adapter. */
    public TaskModule load(Paradigm paradigm, Path stage) {
        if (inputs.recipe().estimation().isPresent()) {
            Selection chosen = Selections.recorded(inputs.path());
            models().narrow(chosen);
            modules().startFrom(new EarlyPet(chosen.ranks(), Map.of()));
        }
        if (inputs.recipe().healing().isPresent()) {
            models().healBy(student -> get(HEALING).orElseThrow().load(student, inputs.path()));
        }
        if (paradigm == Paradigm.COMPRESSED) {
            return modules().none(models().compressed());
        }
        if (paradigm == Paradigm.TEACHER) {
            return teacher(stage);
        }
        TaskModule module = modules().attach(models().compressed());
        if (paradigm == Paradigm.CPET) {
            modules().recover(module);
        }
        adapters().load(stage, module);
        return module;
    }

    /** Puts another adapter of the same tensors into a module. */
    public void exchange(TaskModule module, Path adapter) {
        get(ModelLineage.class).require(PeftAdapter.open(adapter));
        adapters().load(adapter, module);
    }

    private TaskModule teacher(Path stage) {
        TaskModule module = modules().teacher().orElseThrow().attach(models().original());
        boolean trained = inputs.recipe().teacher().orElseThrow().training().isPresent();
        if (trained) {
            adapters().load(stage, module);
        }
        return module;
    }

    /** Hashes, versions, machine. */
    public ObjectNode provenance(Map<String, JsonNode> stages) {
        return Provenance.of(origin, inputs.session(), inputs.recipe().data().flatMap(data -> rows().labels()), stages);
    }

    /** Writes the run's final base model as a Hugging Face directory; the task module is not part of it. */
    public void exportModel(RunDirectory directory) {
        TransformerModel model = models().compresses() ? models().compressed() : models().original();
        model.linears().stream()
                .map(LinearSite::op)
                .filter(op -> !(op instanceof DenseLinear) && op.packed().isEmpty())
                .map(LinearOp::storage)
                .findFirst()
                .ifPresent(storage -> notice("model/: layers held as " + storage
                        + " are written as the dense weights they stand for; the same compression packs them again"));
        SavedBlocks.notice(model).ifPresent(form -> notice("model/: " + form));
        directory.publishModel(target -> {
            new ModelWriter(inputs.session().ops()).write(model, get(ModelDirectory.class), target);
            get(ModelLineage.class).write(target);
        });
    }

    @Override
    public void close() {
        models().close();
        rows().close();
    }

    private <T> T get(Key<T> key) {
        return unwrapped(() -> injector.getInstance(key));
    }

    private <T> T get(Class<T> type) {
        return unwrapped(() -> injector.getInstance(type));
    }

    /** Guice wraps what a provider throws; users want the line inside. */
    private static <T> T unwrapped(Supplier<T> body) {
        try {
            return body.get();
        } catch (CreationException e) {
            throw cause(e.getErrorMessages(), e);
        } catch (ProvisionException e) {
            throw cause(e.getErrorMessages(), e);
        }
    }

    private static RuntimeException cause(Collection<Message> messages, RuntimeException wrapper) {
        return messages.stream()
                .map(Message::getCause)
                .filter(CpetException.class::isInstance)
                .map(CpetException.class::cast)
                .findFirst()
                .<RuntimeException>map(found -> found)
                .orElse(wrapper);
    }
}
