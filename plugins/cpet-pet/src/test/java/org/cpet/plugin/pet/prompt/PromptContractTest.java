package org.cpet.plugin.pet.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.contract.ToyTransformer;
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
