package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * The teacher's outputs for every training row, computed once. Each kind is one float32 table [positions, width] of the
 * rows' real positions one after another, padding left out; a batch is a look-up in it.
 */
public final class TeacherCache implements TeacherAnswers {
    private final Ops ops;
    private final NDManager manager;
    private final Map<OutputKind, TeacherTable> tables;
    private final boolean inMemory;

    private TeacherCache(Ops ops, NDManager manager, Map<OutputKind, TeacherTable> tables, boolean inMemory) {
        this.ops = ops;
        this.manager = manager;
        this.tables = tables;
        this.inMemory = inMemory;
    }

    /**
     * Computes the outputs of all rows if they fit into the budget, in memory or else in files; beyond that the teacher
     * answers each batch anew. A notice says where it is not memory. The model stays open and attached as long as the answers are used.
     */
    @SuppressWarnings("try") // the scope frees what the teacher computes
    public static TeacherAnswers of(
            Ops ops,
            TransformerModel model,
            TrainingRows rows,
            int batchSize,
            Set<OutputKind> kinds,
            AnswerBudget budget,
            Consumer<String> notices) {
        Teacher teacher = new Teacher(ops, model, kinds);
        List<List<Integer>> chunks = chunks(rows, batchSize);
        NDManager manager = model.manager().newSubManager();
        Map<OutputKind, TeacherTable> tables = new EnumMap<>(OutputKind.class);
        try (Ops.Scope scope = ops.scope()) {
            TeacherOutput sample = teacher.of(rows.collate(chunks.get(0)));
            kinds.forEach(kind ->
                    tables.put(kind, TeacherTable.layout(kind, sample.get(kind).getShape(), rows, chunks)));
        }
        long bytes = tables.values().stream().mapToLong(TeacherTable::bytes).sum();
        AnswerBudget.Place place = budget.place(bytes, manager.getDevice());
        if (place != AnswerBudget.Place.MEMORY) {
            notices.accept(budget.notice(bytes, place));
        }
        if (place == AnswerBudget.Place.NOWHERE) {
            manager.close();
            return teacher;
        }
        boolean inMemory = place == AnswerBudget.Place.MEMORY;
        tables.replaceAll((kind, table) -> table.allocate(shape -> inMemory
                ? manager.zeros(shape, DataType.FLOAT32)
                : budget.file(shape, file -> ops.inFile(manager, file, shape))));
        chunks.forEach(chunk -> fill(ops, teacher, rows, chunk, tables));
        return new TeacherCache(ops, manager, tables, inMemory);
    }

    @SuppressWarnings("try") // the scope frees what the teacher computes
    private static void fill(
            Ops ops, Teacher teacher, TrainingRows rows, List<Integer> chunk, Map<OutputKind, TeacherTable> tables) {
        try (Ops.Scope scope = ops.scope()) {
            TeacherOutput output = teacher.of(rows.collate(chunk));
            tables.forEach((kind, table) -> table.put(ops, chunk, output.get(kind)));
        }
    }

    /** Rows of similar length together, so that little is padded. */
    private static List<List<Integer>> chunks(TrainingRows rows, int batchSize) {
        List<Integer> order = IntStream.range(0, rows.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer row) -> rows.inputLength(row)))
                .toList();
        List<List<Integer>> chunks = new ArrayList<>();
        for (int i = 0; i < order.size(); i += batchSize) {
            chunks.add(order.subList(i, Math.min(order.size(), i + batchSize)));
        }
        return chunks;
    }

    @Override
    public TeacherOutput of(MicroBatch batch) {
        Map<OutputKind, NDArray> answers = new EnumMap<>(OutputKind.class);
        tables.forEach((kind, table) -> answers.put(kind, table.get(ops, batch)));
        return new TeacherOutput(answers);
    }

    /** Those in memory. */
    @Override
    public long bytes() {
        return inMemory
                ? tables.values().stream().mapToLong(TeacherTable::bytes).sum()
                : 0;
    }

    @Override
    public void close() {
        manager.close();
    }
}
