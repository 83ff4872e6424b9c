package org.cpet.runtime.wiring;

import java.nio.file.Path;
import java.util.Optional;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.interop.AdapterFiles;
import org.cpet.runtime.interop.AdapterTensors;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Configured;
import org.cpet.runtime.recipe.InheritanceSection.OnShapeMismatch;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.train.TaskModule;
import org.cpet.runtime.train.TaskModules;
import org.cpet.runtime.train.TaskModules.Attachment;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;

/** P(M) as a recipe wants it: fresh, to be trained, or imported from a PEFT directory. */
final class Teachers {
    private final PluginCatalog catalog;
    private final EngineSession session;
    private final PluginContext context;
    private final ModelLineage lineage;
    private final InitialValues initial;

    Teachers(
            PluginCatalog catalog,
            EngineSession session,
            PluginContext context,
            ModelLineage lineage,
            InitialValues initial) {
        this.catalog = catalog;
        this.session = session;
        this.context = context;
        this.lineage = lineage;
        this.initial = initial;
    }

    /** How P(M) gets into M, when there is a teacher. */
    Optional<Attachment> attachment(ResolvedRecipe recipe) {
        return recipe.teacher()
                .map(section -> section.adapter()
                        .<Attachment>map(adapter -> model -> imported(recipe, adapter, model))
                        .orElseGet(() -> model -> fresh(recipe, model)));
    }

    private TaskModule fresh(ResolvedRecipe recipe, TransformerModel model) {
        return TaskModules.attach(session.ops(), recipe.pet().map(method -> method.create(context)), model);
    }

    private TaskModule imported(ResolvedRecipe recipe, Path directory, TransformerModel model) {
        PeftAdapter adapter = PeftAdapter.open(directory);
        lineage.require(adapter);
        if (adapter.recoveryConfig().isPresent()) {
            throw new InputException(
                    directory + " holds a recovery module, which belongs to a compressed model; allowed"
                            + " the adapter of a teacher, such as stages/teacher of a run");
        }
        Configured<PetMethod> method = adapter.method(Extensions.petMethods(catalog));
        if (recipe.inheritance().isPresent()) {
            boolean fits = recipe.inheritance().get().on_shape_mismatch() == OnShapeMismatch.PROJECT;
            recipe.pet().ifPresent(pet -> TaughtPet.requireSame(directory, method, pet, fits, model.layout(), context));
        }
        TaskModule module = TaskModules.attach(session.ops(), Optional.of(method.create(context)), model);
        try (AdapterTensors tensors =
                AdapterFiles.tensors(directory, session, Extensions.codecs(catalog, context), initial)) {
            module.pet().ifPresent(tensors::fill);
            if (tensors.left().isEmpty() && !module.classifier().parameters().isEmpty()) {
                context.notice(directory + " holds no classification head; that of the model is used");
            } else {
                tensors.fill(module.classifier());
            }
            tensors.requireNoneLeft();
        }
        return module;
    }
}
