package org.cpet.plugin.pet.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.Test;

class PeftPrefixContractTest implements PetMethodContract<PrefixOptions> {
    private static final int TOKENS = 3;

    @Override
    public PrefixFactory factory() {
        return new PrefixFactory();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("num_virtual_tokens", String.valueOf(TOKENS), "format", "peft");
    }

    @Override
    public boolean startsWithoutEffect() {
        return false;
    }

    /** One tensor holds all layers: [tokens, (key 0, value 0, key 1, value 1) · 2 groups · 4]. */
    @Test
    @Override
    public void inheritingAcrossNarrowingTakesTheKeptRowsAndColumns() {
        eachToy((session, model, batch) -> {
            PetModule taught = attach(session, model, 1);
            try (ToyTransformer narrow = ToyTransformer.open(session, model.spec())) {
                narrow.halve();
                PetModule inheriting = attach(session, narrow, 3);
                InheritanceReport report = inheriting.inherit(taught.state(), Lineage.of(narrow));

                assertThat(report.sliced()).containsExactly(PrefixShape.PEFT_TENSOR);
                assertThat(report.missed()).isEmpty();
                NDArray all = taught.state().get(PrefixShape.PEFT_TENSOR);
                // layer 0 kept group 1, layer 1 kept group 0
                int[] kept = {4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19, 24, 25, 26, 27};
                assertThat(inheriting.state().get(PrefixShape.PEFT_TENSOR).toFloatArray())
                        .containsExactly(session.ops().select(all, 1, kept).toFloatArray());
            }
        });
    }

    @Test
    void theConfigIsPefts() {
        eachToy((session, model, batch) -> {
            Map<String, Object> config = attach(session, model, 1).peftConfig();
            assertThat(config)
                    .contains(
                            entry("peft_type", "PREFIX_TUNING"),
                            entry("num_virtual_tokens", TOKENS),
                            entry("num_layers", 2),
                            entry("num_attention_heads", 2),
                            entry("num_transformer_submodules", 1),
                            entry("prefix_projection", false),
                            entry("token_dim", 8));
        });
    }
}
