package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.cpet.runtime.generate.Generation;
import org.cpet.runtime.generate.Sampling;
import org.cpet.runtime.generate.TokenChoice;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationTest {
    private static ModelSession session;

    @BeforeAll
    static void open() {
        session = new ModelSession();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama_mha_untied", "llama_gqa_tied", "t5_v10_relu_tied", "t5_v11_gated_untied"})
    void greedyIdsEqualTheGoldenOnes(String name) {
        Golden golden = new Golden(session, Fixtures.require("fixtures/" + name).resolve("golden"));
        long[] expected = session.read(golden.folder().resolve("outputs_generate.safetensors"))
                .get("new_tokens")
                .toLongArray();
        try (GenerativeModel model = load(name)) {
            List<ImmutableLongArray> rows = greedy(model, golden.batch("inputs_generate.safetensors"), 20, Set.of());

            assertThat(rows.stream().flatMapToLong(ImmutableLongArray::stream)).containsExactly(box(expected));
        }
    }

    @Test
    void paddingOnTheRightChangesNothing() {
        try (GenerativeModel model = load("llama_gqa_tied")) {
            TokenBatch alone = batch(new long[][] {{5, 9, 11}}, new long[][] {{1, 1, 1}});
            TokenBatch right = batch(
                    new long[][] {{5, 9, 11, 0, 0}, {7, 8, 9, 10, 11}},
                    new long[][] {{1, 1, 1, 0, 0}, {1, 1, 1, 1, 1}});

            assertThat(greedy(model, right, 8, Set.of()).get(0))
                    .isEqualTo(greedy(model, alone, 8, Set.of()).get(0));
        }
    }

    /** The cache has room for 64 positions and grows to 128 and beyond; lengths lie on either side of both. */
    @ParameterizedTest
    @ValueSource(ints = {6, 63, 64, 65, 66, 128, 129, 130})
    void theCacheGivesWhatTheWholeTextGives(int length) {
        try (GenerativeModel model = load("llama_gqa_tied")) {
            long[] text = new SplittableRandom(length).longs(length, 2, 60).toArray();
            long[] ones = new long[length];
            Arrays.fill(ones, 1);
            Ops.Scope scope = session.ops().scope();
            try (scope;
                    GenerativeModel.Decoding decoding = model.decode(
                            batch(new long[][] {{text[0], text[1]}}, new long[][] {{1, 1}}), ForwardMode.EXACT)) {
                for (int at = 2; at < length; at++) {
                    decoding.append(session.manager().create(new long[] {text[at]}));
                }
                NDArray whole = model.forward(batch(new long[][] {text}, new long[][] {ones}), ForwardMode.EXACT)
                        .requireLogits()
                        .get(":, -1");

                // the same sums in another order
                assertThat(decoding.logits().sub(whole).abs().max().getFloat()).isLessThan(1e-5f);
            }
        }
    }

    @Test
    void aRowEndsAtAStopIdWhichIsLeftOut() {
        Golden golden = new Golden(
                session, Fixtures.require("fixtures/llama_mha_untied").resolve("golden"));
        TokenBatch prompts = golden.batch("inputs_generate.safetensors");
        try (GenerativeModel model = load("llama_mha_untied")) {
            ImmutableLongArray free = greedy(model, prompts, 20, Set.of()).get(0);
            long stop = free.get(4);
            int first = free.indexOf(stop);

            assertThat(greedy(model, prompts, 20, Set.of(stop)).get(0)).isEqualTo(free.subArray(0, first));
        }
    }

    @Test
    void oneSeedGivesOneText() {
        try (GenerativeModel model = load("llama_mha_untied")) {
            TokenBatch prompt = batch(new long[][] {{5, 9, 11}}, new long[][] {{1, 1, 1}});
            Generation sampled = new Generation(new Sampling(1.5, 20, 0.9), 12, Set.of());

            List<ImmutableLongArray> first =
                    sampled.run(model, session.ops(), prompt, ForwardMode.EXACT, session.random("generate"));
            assertThat(sampled.run(model, session.ops(), prompt, ForwardMode.EXACT, session.random("generate")))
                    .isEqualTo(first);
            assertThat(sampled.run(model, session.ops(), prompt, ForwardMode.EXACT, session.random("other")))
                    .isNotEqualTo(first);
        }
    }

    @Test
    void generatingLeavesNothingInTheModel() {
        try (GenerativeModel model = load("llama_mha_untied")) {
            TokenBatch prompt = batch(new long[][] {{5, 9, 11}}, new long[][] {{1, 1, 1}});
            greedy(model, prompt, 70, Set.of());
            int before = model.manager().getManagedArrays().size();
            greedy(model, prompt, 70, Set.of());

            assertThat(model.manager().getManagedArrays()).hasSize(before);
        }
    }

    private static GenerativeModel load(String name) {
        Path folder = Fixtures.require("fixtures/" + name);
        return (GenerativeModel) session.load(folder);
    }

    private static List<ImmutableLongArray> greedy(
            GenerativeModel model, TokenBatch prompts, int tokens, Set<Long> stops) {
        return new Generation(TokenChoice.GREEDY, tokens, stops)
                .run(model, session.ops(), prompts, ForwardMode.EXACT, session.random("generate"));
    }

    private static TokenBatch batch(long[][] ids, long[][] mask) {
        return TokenBatch.of(session.manager().create(ids), session.manager().create(mask));
    }

    private static Long[] box(long[] values) {
        return Arrays.stream(values).boxed().toArray(Long[]::new);
    }
}
