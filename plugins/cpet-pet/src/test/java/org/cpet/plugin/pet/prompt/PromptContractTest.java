package org.cpet.plugin.pet.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.Test;

class PromptContractTest implements PetMethodContract<PromptOptions> {
    @Override
    public PromptFactory factory() {
        return new PromptFactory();
    }

    @Override
    public boolean startsWithoutEffect() {
        return false;
    }

    /** Hidden channels that are gone are gone from the prompt. */
    @Test
    void inheritingAcrossANarrowerHiddenDimensionTakesTheKeptChannels() {
        eachToy((session, model, batch) -> {
            int width = ToySpec.HIDDEN;
            int[] kept = IntStream.range(0, width).map(i -> i + i / 3).toArray();
            KeptIndices hidden = KeptIndices.all(kept[width - 1] + 2, 1).rows(kept);
            Lineage own = Lineage.of(model);
            Lineage lineage = new Lineage(own.linears(), own.groups(), own.units(), own.layers(), hidden);
            PetModule student = attach(session, model, 1);
            long tokens = student.state().get(PromptModule.TENSOR).getShape().get(0);
            NDArray taught =
                    session.manager().arange(0f, tokens * hidden.originalOut()).reshape(tokens, hidden.originalOut());

            InheritanceReport report = student.inherit(Map.of(PromptModule.TENSOR, taught), lineage);

            assertThat(report.sliced()).containsExactly(PromptModule.TENSOR);
            assertThat(report.missed()).isEmpty();
            NDArray found = student.state().get(PromptModule.TENSOR);
            for (int token = 0; token < tokens; token++) {
                for (int channel = 0; channel < width; channel++) {
                    assertThat(found.getFloat(token, channel)).isEqualTo(taught.getFloat(token, kept[channel]));
                }
            }
            assertThat(student.inherit(Map.of(), lineage).missed())
                    .containsExactly("prompt_embeddings: not among the taught tensors");
            assertThat(student.inherit(Map.of(PromptModule.TENSOR, taught.transpose()), lineage)
                            .missed())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("prompt_embeddings: taught as (")
                    .contains(", needed as (" + tokens + ", " + hidden.originalOut() + ")");
        });
    }

    /** Heads and neurons go, the hidden size stays: nothing is cut. */
    @Test
    @Override
    public void inheritingAcrossNarrowingTakesTheKeptRowsAndColumns() {
        eachToy((session, model, batch) -> {
            PetModule taught = attach(session, model, 1);
            try (ToyTransformer narrow = ToyTransformer.open(session, model.spec())) {
                narrow.halve();
                PetModule inheriting = attach(session, narrow, 3);
                InheritanceReport report = inheriting.inherit(taught.state(), Lineage.of(narrow));

                assertThat(report.inherited()).containsExactly(PromptModule.TENSOR);
                assertThat(report.sliced()).isEmpty();
                assertThat(inheriting.state().get(PromptModule.TENSOR).toFloatArray())
                        .containsExactly(taught.state().get(PromptModule.TENSOR).toFloatArray());
            }
        });
    }
}
