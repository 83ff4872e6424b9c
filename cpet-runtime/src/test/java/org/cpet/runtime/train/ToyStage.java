package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.cpet.runtime.checkpoint.Progress;
import org.cpet.runtime.checkpoint.StageCheckpoints;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.Seeded;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.event.RunEvent;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;

/** A stage on the toy classifier: a low-rank path with dropout beside one layer, and the head. */
final class ToyStage implements AutoCloseable {
    private static final int ROWS = 12;
    private static final int RANK = 2;

    final ContractSession session = ContractSession.open();
    final Ops ops = session.ops();
    final ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier());
    final TrainableClassifier classifier = TrainableClassifier.attach(ops, model, Set.of());
    final List<TrainableTensor> parameters = new ArrayList<>(classifier.parameters());
    final List<RunEvent> events = new ArrayList<>();
    final Map<Long, Map<String, float[]>> saved = new LinkedHashMap<>();
    final Map<Long, Progress> progress = new LinkedHashMap<>();
    final Bypass bypass;
    double dropout;
    double lossFactor = 1;
    Optional<DistillationLoss> distillation = Optional.empty();

    ToyStage() {
        NDArray down = leaf(Initializers.kaimingUniform(
                session.manager(), new Shape(RANK, ToySpec.HIDDEN), Seeded.random(3, "down")));
        NDArray up = leaf(session.manager().zeros(new Shape(ToySpec.HIDDEN, RANK)));
        bypass = (x, mode) -> {
            NDArray input = mode.training() && dropout > 0 ? ops.dropout(x, dropout) : x;
            return ops.linear(ops.linear(input, down), up);
        };
        model.linears().get(0).add(bypass);
        parameters.add(new TrainableTensor("down", down));
        parameters.add(new TrainableTensor("up", up));
    }

    private NDArray leaf(NDArray value) {
        return ops.trainable(value);
    }

    static TrainingSection training(int steps, int batchSize, int accumulation) {
        return new TrainingSection(
                5e-2,
                Optional.empty(),
                Optional.of(steps),
                batchSize,
                accumulation,
                TrainingSection.Scheduler.LINEAR,
                0.1,
                0.01,
                1.0,
                3,
                4,
                TrainingSection.Memory.FAST);
    }

    TrainingStage stage(TrainingSection training, BooleanSupplier cancelled) {
        return stage(training, cancelled, StageCheckpoints.NONE);
    }

    TrainingStage stage(TrainingSection training, BooleanSupplier cancelled, StageCheckpoints checkpoints) {
        Objective task = Objective.of(
                ops,
                (output, batch) -> ops.crossEntropy(
                                output.requireLogits(), batch.labels().orElseThrow(), TokenBatch.IGNORED)
                        .mul(lossFactor));
        TeacherAnswers teacher = batch -> new TeacherOutput(Map.of(
                OutputKind.LAST_HIDDEN,
                session.manager().zeros(new Shape(batch.rows().size(), 5, ToySpec.HIDDEN))));
        Objective objective =
                distillation.map(loss -> task.plus(ops, loss, teacher)).orElse(task);
        StagePlan plan = new StagePlan(
                "toy", model, parameters, objective, training, rows(training.batch_size()), this::measure, checkpoints);
        return new TrainingStage(plan, ops, 42, new Events(events::add, List.of()), cancelled);
    }

    /** The mean square of the hidden states, over positions or divided by examples. */
    static DistillationLoss shrinking(boolean perExample) {
        return new DistillationLoss() {
            @Override
            public Set<OutputKind> needs() {
                return Set.of(OutputKind.LAST_HIDDEN);
            }

            @Override
            public double alpha() {
                return 0.5;
            }

            @Override
            public boolean perExample() {
                return perExample;
            }

            @Override
            public NDArray loss(ModelOutput student, TeacherOutput teacher, TokenBatch batch) {
                NDArray squares = student.lastHidden()
                        .sub(teacher.get(OutputKind.LAST_HIDDEN))
                        .square();
                return perExample ? squares.sum().div(squares.getShape().get(0)) : squares.mean();
            }
        };
    }

    /** Keeps checkpoints in memory and gives back the last one. */
    StageCheckpoints remembering() {
        return new StageCheckpoints() {
            @Override
            public void save(Progress at, Map<String, NDArray> tensors) {
                Map<String, float[]> copy = new LinkedHashMap<>();
                tensors.forEach((name, tensor) -> copy.put(name, tensor.toFloatArray()));
                saved.put(at.step(), copy);
                progress.put(at.step(), at);
            }

            @Override
            public Optional<Saved> latest() {
                return saved.isEmpty() ? Optional.empty() : Optional.of(at(saved.size() - 1));
            }
        };
    }

    private StageCheckpoints.Saved at(int index) {
        Long step = List.copyOf(saved.keySet()).get(index);
        return new StageCheckpoints.Saved() {
            @Override
            public Progress progress() {
                return progress.get(step);
            }

            @Override
            public Map<String, NDArray> tensors(NDManager manager) {
                Map<String, NDArray> tensors = new LinkedHashMap<>();
                saved.get(step).forEach((name, values) -> tensors.put(name, manager.create(values)));
                tensors.replaceAll((name, flat) -> flat.reshape(shapeOf(name)));
                return tensors;
            }
        };
    }

    private Shape shapeOf(String name) {
        String own = name.substring(name.indexOf('.') + 1);
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(own))
                .findFirst()
                .orElseThrow()
                .value()
                .getShape();
    }

    /** The present values of everything that is trained. */
    Map<String, float[]> values() {
        Map<String, float[]> values = new LinkedHashMap<>();
        parameters.forEach(
                parameter -> values.put(parameter.name(), parameter.value().toFloatArray()));
        return values;
    }

    @SuppressWarnings("try")
    private Validation.Measured measure() {
        try (Ops.Scope scope = ops.scope()) {
            MicroBatch batch =
                    rows(ROWS).collate(IntStream.range(0, ROWS).boxed().toList());
            ModelOutput output = model.forward(batch.tokens(), ForwardMode.EXACT);
            NDArray labels = batch.tokens().labels().orElseThrow();
            double loss = ops.crossEntropy(output.requireLogits(), labels, TokenBatch.IGNORED)
                    .getFloat();
            double right = output.requireLogits().argMax(1).eq(labels).sum().getLong();
            return new Validation.Measured(Map.of("accuracy", right / ROWS), loss, ROWS, 0);
        }
    }

    TrainingRows rows(int batchSize) {
        return new TrainingRows() {
            @Override
            public int size() {
                return ROWS;
            }

            @Override
            public int inputLength(int row) {
                return 5;
            }

            @Override
            public int targetLength(int row) {
                return 0;
            }

            @Override
            public int microBatches() {
                return (ROWS + batchSize - 1) / batchSize;
            }

            @Override
            public List<Integer> rows(long epoch, int microBatch) {
                return IntStream.range(microBatch * batchSize, Math.min(ROWS, (microBatch + 1) * batchSize))
                        .mapToObj(i -> (int) ((i + epoch) % ROWS))
                        .toList();
            }

            @Override
            public long counted(List<Integer> rows) {
                return rows.stream()
                        .filter(row -> label(row) != TokenBatch.IGNORED)
                        .count();
            }

            @Override
            public long tokens(List<Integer> rows) {
                return 5L * rows.size();
            }

            @Override
            public MicroBatch collate(List<Integer> rows) {
                NDManager manager = session.manager();
                long[] ids = rows.stream()
                        .flatMapToLong(row -> Arrays.stream(ids(row)))
                        .toArray();
                long[] labels = rows.stream().mapToLong(ToyStage::label).toArray();
                NDArray input = manager.create(ids, new Shape(rows.size(), 5));
                return new MicroBatch(
                        rows, TokenBatch.of(input, input.onesLike()).withLabels(manager.create(labels)));
            }
        };
    }

    private static long[] ids(int row) {
        RandomGenerator random = Seeded.random(row, "ids");
        return random.longs(5, 1, ToySpec.VOCABULARY).toArray();
    }

    /** Learnable: the first id decides. Two rows do not count. */
    private static long label(int row) {
        return row % 6 == 5 ? TokenBatch.IGNORED : ids(row)[0] % ToySpec.CLASSES;
    }

    @Override
    public void close() {
        session.close();
    }
}
