package org.cpet.runtime;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.NioRunFiles;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.checkpoint.RunDirectory.Fact;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.KernelProfile;
import org.cpet.runtime.plan.PlanReport;
import org.cpet.runtime.plan.RecipePlan;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Recipes;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.script.ScriptContext;
import org.cpet.runtime.study.Study;
import org.cpet.runtime.study.StudyOutputs;
import org.cpet.runtime.study.StudyPlan;
import org.cpet.runtime.study.StudyReader;
import org.cpet.runtime.train.Events;
import org.cpet.runtime.train.Journal;
import org.cpet.runtime.wiring.RunInputs;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.event.RunListener;

/**
 * Start here. Reads recipes, runs them, and loads what they made.
 *
 * <pre>{@code
 * try (Cpet cpet = Cpet.builder().listener(event -> ...).build()) {
 *     RunResult result = cpet.run(RunRequest.of(Recipe.file(Path.of("sst2.yaml"))).to(Path.of("runs/sst2")));
 *     try (AdaptedModel model = cpet.load(result.directory(), "cpet")) {
 *         model.predict(List.of("a gem")).get(0).label();
 *     }
 * }
 * }</pre>
 *
 * <p>It prints nothing, never ends the process, and touches no signal handler or logger. One run at a time: the engine
 * has one random generator per process. Failures are {@link CpetException}; their message is for users.
 */
public final class Cpet implements AutoCloseable {
    private final PluginCatalog catalog;
    private final List<RunListener> listeners;
    private final Optional<String> device;
    private final Optional<KernelProfile> kernels;
    private final int threads;

    private Cpet(Builder builder) {
        this.catalog = PluginCatalog.discover(builder.classLoader, builder.plugins);
        this.listeners = List.copyOf(builder.listeners);
        this.device = builder.device;
        this.kernels = builder.kernels.map(KernelProfile::read);
        this.threads = builder.threads;
    }

    /** With the plugins on the class path and no listener. */
    public static Builder builder() {
        return new Builder();
    }

    /** Plugins that could not be used, one sentence each. */
    public List<String> warnings() {
        return catalog.warnings();
    }

    /**
     * Checks a recipe without starting the engine or reading a weight.
     *
     * @throws CpetException with every problem at its place, one a line
     */
    public void validate(Recipe recipe) {
        RecipePlan.check(resolve(recipe), catalog);
    }

    /** What a recipe would do; starts no engine and reads no weight. Refuses what {@link #validate} refuses. */
    public PlanReport plan(Recipe recipe) {
        return RecipePlan.of(resolve(recipe), catalog);
    }

    /**
     * Runs a recipe, or continues it, on this thread.
     *
     * @throws CpetException with exit code {@code INTERRUPTED} when the request was cancelled; a checkpoint is then
     *     saved and the same request continues
     */
    public RunResult run(RunRequest request) {
        ResolvedRecipe recipe = resolve(request.recipe());
        RecipePlan.check(recipe, catalog);
        Path output = request.output().orElseGet(() -> Path.of("runs", recipe.name()));
        if (request.existing() == RunRequest.Existing.OVERWRITE
                && RunDirectory.result(output).isPresent()) {
            Inputs.check(recipe, catalog); // before anything old is deleted
        }
        return run(recipe, output, request.existing().mode(), request.cancellation()::isCancelled);
    }

    /**
     * Runs every cell of a study that is not done yet, and writes its report.
     *
     * @throws CpetException with every problem of the study file and its recipes, before a weight is read; with exit
     *     code {@code INTERRUPTED} when the request was cancelled: the same request continues
     */
    public StudyResult study(StudyRequest request) {
        StudyPlan plan = StudyReader.read(request.file(), request.settings(), catalog);
        Path output = request.output().orElseGet(() -> Path.of("studies", plan.name()));
        StudyOutputs outputs =
                new Study(plan, this::cell, request.cancellation()::isCancelled, request.listener()).run(output);
        return new StudyResult(
                output,
                outputs.complete(),
                outputs.failed(),
                outputs.text(),
                outputs.notices(),
                Json.map(outputs.document()));
    }

    /** What a study would run; starts no engine and reads no weight. Refuses what {@link #study} refuses at its start. */
    public StudyPlan planStudy(StudyRequest request) {
        return StudyReader.read(request.file(), request.settings(), catalog);
    }

    private void cell(ResolvedRecipe recipe, Path directory, BooleanSupplier cancelled) {
        run(recipe, directory, RunDirectory.Mode.CONTINUE, cancelled);
    }

    private RunResult run(ResolvedRecipe recipe, Path output, RunDirectory.Mode mode, BooleanSupplier cancelled) {
        try (RunDirectory directory =
                        RunDirectory.open(output, recipe.yaml(), mode, new NioRunFiles(), InstantSource.system());
                EngineSession session = open(recipe, output)) {
            if (RunDirectory.recorded(output, Fact.KERNELS).isEmpty()) {
                directory.record(Fact.KERNELS, session.kernels().json());
            }
            Events events = new Events(new Journal(directory.metrics()), listeners);
            RunInputs inputs = new RunInputs(
                    recipe, catalog, session, output, Optional.of(directory), Optional.empty(), events, cancelled);
            return EngineFailures.translated(() -> Runs.run(inputs, directory));
        }
    }

    /**
     * Opens what a finished run made.
     *
     * @param paradigm {@code teacher}, {@code compressed}, {@code compressed_pet}, {@code inherited} or {@code cpet}
     */
    public AdaptedModel load(Path runDirectory, String paradigm) {
        return load(runDirectory, paradigm, Optional.empty());
    }

    /**
     * The same with another adapter of the same shape in the place of the one that was trained: a compressed or a merged
     * one.
     *
     * @param adapter its directory
     */
    public AdaptedModel load(Path runDirectory, String paradigm, Path adapter) {
        return load(runDirectory, paradigm, Optional.of(adapter));
    }

    private AdaptedModel load(Path runDirectory, String paradigm, Optional<Path> adapter) {
        ResolvedRecipe recipe = resolve(Recipe.file(RunDirectory.recipe(runDirectory)));
        return EngineFailures.translated(() -> FinishedRuns.open(
                runDirectory,
                paradigm,
                adapter,
                recipe,
                catalog,
                resolved -> open(resolved, runDirectory),
                new Events(event -> {}, listeners)));
    }

    /**
     * Opens a model directory, compressed or not, with the adapters of many tasks beside each other.
     *
     * @param adapters directories by the names that questions will use; more can be added later
     */
    public MultiTaskModel open(Path model, Map<String, Path> adapters) {
        EngineSession session = EngineSession.open(DeviceChoice.parse(device.orElse("auto")), threads, kernels);
        Events events = new Events(event -> {}, listeners);
        boolean opened = false;
        try {
            MultiTaskModel tasks = EngineFailures.translated(() -> MultiTaskModels.open(
                    model,
                    adapters,
                    session,
                    catalog,
                    new ScriptContext(session, 0, notice -> events.notice("open", notice))));
            opened = true;
            return tasks;
        } finally {
            if (!opened) {
                session.close();
            }
        }
    }

    private ResolvedRecipe resolve(Recipe recipe) {
        return Recipes.resolve(recipe.source(), recipe.overrides(), catalog);
    }

    /** With the kernels that the run in a directory began with, if it did: what was measured must not change. */
    private EngineSession open(ResolvedRecipe recipe, Path run) {
        String choice = device.orElse(recipe.model().device());
        Optional<KernelProfile> recorded =
                RunDirectory.recorded(run, Fact.KERNELS).map(KernelProfile::parse);
        recorded.ifPresent(begun -> kernels.filter(given -> given.int8() != begun.int8())
                .ifPresent(given -> {
                    throw new CpetException(
                            ExitCode.RUN_DIRECTORY,
                            "--kernels differs from what " + run + " began with; found "
                                    + given.int8().key() + "; allowed "
                                    + begun.int8().key()
                                    + ", or another --output");
                }));
        return EngineSession.open(DeviceChoice.parse(choice), threads, recorded.or(() -> kernels));
    }

    @Override
    public void close() {
        catalog.close();
    }

    /** Sets up a {@link Cpet}. */
    public static final class Builder {
        private ClassLoader classLoader = Cpet.class.getClassLoader();
        private final List<Path> plugins = new ArrayList<>();
        private final List<RunListener> listeners = new ArrayList<>();
        private Optional<String> device = Optional.empty();
        private Optional<Path> kernels = Optional.empty();
        private int threads;

        private Builder() {}

        /** Where plugins of the class path are looked for; that of the runtime unless set. */
        public Builder classLoader(ClassLoader loader) {
            classLoader = loader;
            return this;
        }

        /** A plugin jar, or a directory with jars. */
        public Builder plugins(Path jarOrDirectory) {
            plugins.add(jarOrDirectory);
            return this;
        }

        /** Hears what runs do, on the run's thread. */
        public Builder listener(RunListener listener) {
            listeners.add(listener);
            return this;
        }

        /** {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}, in place of what recipes say. */
        public Builder device(String name) {
            device = Optional.of(name);
            return this;
        }

        /** A kernel profile that fixes which kernels are used, in place of measuring them once per machine. */
        public Builder kernels(Path profile) {
            kernels = Optional.of(profile);
            return this;
        }

        /** Threads of one operation; the engine's default unless set. */
        public Builder threads(int count) {
            threads = count;
            return this;
        }

        /** Finds the plugins. */
        public Cpet build() {
            return new Cpet(this);
        }
    }
}
