package org.cpet.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.cpet.spi.CpetException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.Seeded;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeacherCacheTest {
    private static final int[] LENGTHS = {5, 2, 4, 3, 5, 1, 2};
    // another batch means another order of sums inside a matrix product
    private static final float ROUNDING = 2e-6f;

    @TempDir
    private Path folder;

    private final List<String> notices = new ArrayList<>();

    @Test
    void whatIsCachedIsWhatTheTeacherSays() {
        compare(ToySpec.classifier(), EnumSet.of(OutputKind.LOGITS, OutputKind.LAST_HIDDEN));
        compare(ToySpec.languageModel(), EnumSet.of(OutputKind.LOGITS, OutputKind.LAST_HIDDEN));
        assertThat(notices).isEmpty();
    }

    @Test
    void beyondTheBudgetTheTeacherAnswersAnew() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier());
                TeacherAnswers answers = TeacherCache.of(
                        session.ops(),
                        model,
                        new Rows(session),
                        3,
                        Set.of(OutputKind.LOGITS),
                        AnswerBudget.ofMemory(8),
                        notices::add)) {
            assertThat(answers).isInstanceOf(Teacher.class);
            assertThat(notices)
                    .containsExactly("the teacher's outputs take 0.0 GiB, more than the 0.0 GiB set aside;"
                            + " each batch computes them anew");
        }
    }

    @Test
    void beyondTheMemoryTheAnswersLieInAFileWithoutAName() throws IOException {
        compare(
                ToySpec.languageModel(),
                EnumSet.of(OutputKind.LOGITS, OutputKind.LAST_HIDDEN),
                new AnswerBudget(8, 1 << 20, Optional.of(folder)));

        assertThat(notices)
                .containsExactly(
                        "the teacher's outputs take 0.0 GiB, more than the 0.0 GiB set aside in memory; they are"
                                + " kept in a file in " + folder);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Path gone = folder.resolve("gone");
        assertThatThrownBy(() -> compare(
                        ToySpec.classifier(),
                        Set.of(OutputKind.LOGITS),
                        new AnswerBudget(8, 1 << 20, Optional.of(gone))))
                .isInstanceOf(CpetException.class)
                .hasMessageStartingWith(gone + ": the teacher's outputs cannot be kept there: ");
        assertThat(AnswerBudget.with(gone).disk()).isZero();
        assertThat(AnswerBudget.with(folder).disk()).isPositive();
    }

    private void compare(ToySpec spec, Set<OutputKind> kinds) {
        compare(spec, kinds, AnswerBudget.ofMemory(1 << 20));
    }

    private void compare(ToySpec spec, Set<OutputKind> kinds, AnswerBudget budget) {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, spec)) {
            Ops ops = session.ops();
            Rows rows = new Rows(session);
            try (TeacherAnswers cache = TeacherCache.of(ops, model, rows, 3, kinds, budget, notices::add);
                    Ops.Scope scope = ops.scope()) {
                assertThat(cache).isInstanceOf(TeacherCache.class);
                assertThat(cache.bytes() > 0).isEqualTo(budget.memory() > 8);
                MicroBatch batch = rows.collate(List.of(6, 0, 3));
                TeacherOutput direct = new Teacher(ops, model, kinds).of(batch);
                TeacherOutput cached = cache.of(batch);
                for (OutputKind kind : kinds) {
                    NDArray mask = batch.tokens().attentionMask().expandDims(2);
                    boolean perToken = direct.get(kind).getShape().dimension() == 3;
                    assertThat(real(cached.get(kind), mask, perToken))
                            .containsExactly(real(direct.get(kind), mask, perToken), within(ROUNDING));
                }
                assertThat(scope).isNotNull();
            }
        }
    }

    private static float[] real(NDArray output, NDArray mask, boolean perToken) {
        return perToken ? output.mul(mask).toFloatArray() : output.toFloatArray();
    }

    private record Rows(ContractSession session) implements TrainingRows {
        @Override
        public int size() {
            return LENGTHS.length;
        }

        @Override
        public int microBatches() {
            return 1;
        }

        @Override
        public List<Integer> rows(long epoch, int microBatch) {
            return List.of(0);
        }

        @Override
        public long counted(List<Integer> rows) {
            return rows.size();
        }

        @Override
        public long tokens(List<Integer> rows) {
            return rows.stream().mapToLong(row -> LENGTHS[row]).sum();
        }

        @Override
        public int inputLength(int row) {
            return LENGTHS[row];
        }

        @Override
        public int targetLength(int row) {
            return 0;
        }

        @Override
        public MicroBatch collate(List<Integer> rows) {
            int longest = rows.stream().mapToInt(row -> LENGTHS[row]).max().orElseThrow();
            long[] ids = new long[rows.size() * longest];
            long[] mask = new long[ids.length];
            for (int i = 0; i < rows.size(); i++) {
                long[] row = Seeded.random(rows.get(i), "ids")
                        .longs(LENGTHS[rows.get(i)], 1, ToySpec.VOCABULARY)
                        .toArray();
                for (int position = 0; position < row.length; position++) {
                    ids[i * longest + position] = row[position];
                    mask[i * longest + position] = 1;
                }
            }
            Shape shape = new Shape(rows.size(), longest);
            return new MicroBatch(
                    rows,
                    TokenBatch.of(
                            session.manager().create(ids, shape),
                            session.manager().create(mask, shape)));
        }
    }
}
