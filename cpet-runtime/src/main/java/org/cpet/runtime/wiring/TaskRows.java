package org.cpet.runtime.wiring;

import com.google.common.base.Suppliers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.DataInputs;
import org.cpet.runtime.data.EncodedData;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.data.ExampleEncoder;
import org.cpet.runtime.data.PlainText;
import org.cpet.runtime.data.TaskData;
import org.cpet.runtime.data.TrainingBatches;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.recipe.DataSection;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.runtime.train.TrainingRows;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.Example;
import org.cpet.spi.model.ModelTask;

/** A recipe's rows, each part read and tokenized when first asked for. */
public final class TaskRows implements AutoCloseable {
    private final ResolvedRecipe recipe;
    private final PluginContext context;
    private final Tokenizer tokenizer;
    private final SpecialTokens special;
    private final Collator collator;
    private final Optional<ClassLabels> known;
    private final Supplier<TaskData> data;
    private final Supplier<EncodedData> train;
    private final Supplier<EncodedData> validation;
    private final Supplier<EncodedData> test;

    /**
     * Opens the tokenizer; reads no row yet.
     *
     * @param labels of a finished run, which then needs no training rows to know its classes
     */
    TaskRows(
            ResolvedRecipe recipe,
            ModelDirectory model,
            EngineSession session,
            PluginContext context,
            Optional<ClassLabels> labels) {
        this.recipe = recipe;
        this.context = context;
        this.tokenizer = Tokenizer.load(model.tokenizer());
        this.special = SpecialTokens.of(model.config(), tokenizer);
        this.collator = new Collator(session.manager(), task(), special.pad());
        this.known = labels;
        this.data = Suppliers.memoize(this::read);
        this.train = Suppliers.memoize(() -> encode("train", data().train()));
        this.validation = Suppliers.memoize(() -> encode("validation", data().validation()));
        this.test = Suppliers.memoize(() -> encode("test", data().test()));
    }

    /** What the model is used for. */
    public ModelTask task() {
        return ModelTask.valueOf(recipe.model().task().name());
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public SpecialTokens special() {
        return special;
    }

    public Collator collator() {
        return collator;
    }

    /** The classes, when the label is one of a few. */
    public Optional<ClassLabels> labels() {
        return known.isPresent() ? known : data().labels();
    }

    /** The rows as examples. */
    public TaskData data() {
        return data.get();
    }

    public EncodedData validation() {
        return validation.get();
    }

    public EncodedData test() {
        return test.get();
    }

    /** The training rows in micro-batches of a size. */
    TrainingRows batches(int size) {
        return new TrainingBatches(train.get().rows(), size, recipe.seed(), collator);
    }

    /** A plain text in micro-batches of a size. */
    TrainingRows text(Path file, int maxLength, int size) {
        List<EncodedRow> read = new PlainText(tokenizer, special, task(), maxLength).rows(file);
        return new TrainingBatches(read, size, recipe.seed(), collator);
    }

    /** The ids of other examples of the same task. */
    public EncodedData encode(String what, List<Example> examples) {
        return EncodedData.of(what, examples, encoder(), section().max_length(), context::notice);
    }

    /** Tokenizes as the recipe says. */
    public ExampleEncoder encoder() {
        TaskData described =
                known.isPresent() ? new TaskData(inputs().meaning(), known, List.of(), List.of(), List.of()) : data();
        return ExampleEncoder.of(
                task(), tokenizer, special, described, section().max_length());
    }

    /** The longest text in tokens. */
    public int maxLength() {
        return section().max_length();
    }

    /** Where rows come from and what they mean. */
    public DataInputs inputs() {
        return DataInputs.of(section(), recipe.source().orElseThrow(), context);
    }

    private TaskData read() {
        return TaskData.load(inputs(), recipe.seed(), context::notice);
    }

    private DataSection section() {
        return recipe.data()
                .orElseThrow(() -> new CpetException(ExitCode.BUG, "rows were asked for of a recipe without data"));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
