package org.cpet.plugin.pet.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToyBatch;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.Test;

class PrefixTest {
    private static final PrefixOptions NETWORK = new PrefixOptions(3, true, Optional.of(5), PrefixFormat.CPET);
    private static final PrefixOptions PLAIN = new PrefixOptions(3, false, Optional.empty(), PrefixFormat.CPET);

    @Test
    void aNetworkFoldsToWhatItMakes() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.languageModel())) {
            PetModule module = attach(session, model, NETWORK);
            float[] before = logits(session, model);
            assertThat(module.state()).containsKey("prefix_embedding.weight");

            module.settle();

            // float32 sums of a product of other shape
            assertThat(logits(session, model)).containsExactly(before, within(1e-6f));
            assertThat(module.state().keySet())
                    .containsExactly(
                            "toy.layer.0.attention.key.prefix",
                            "toy.layer.0.attention.value.prefix",
                            "toy.layer.1.attention.key.prefix",
                            "toy.layer.1.attention.value.prefix");
            assertThat(module.peftConfig()).containsEntry("peft_type", "CPET_PREFIX");
            assertThat(module.peftConfig()).containsEntry("reparameterisation", false);
        }
    }

    @Test
    void aNetworkThatInheritsAFoldedPrefixGivesWay() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.languageModel());
                ToyTransformer student = ToyTransformer.open(session, ToySpec.languageModel())) {
            PetModule taught = attach(session, model, NETWORK);
            taught.settle();
            student.halve();
            PetModule inheriting = attach(session, student, NETWORK);

            assertThat(inheriting.inherit(taught.state(), Lineage.of(student)).coverage())
                    .isEqualTo(1.0);
            Map<String, NDArray> state = inheriting.state();
            NDArray key = taught.state().get("toy.layer.0.attention.key.prefix");
            // layer 0 kept its second group of four
            assertThat(state.get("toy.layer.0.attention.key.prefix").toFloatArray())
                    .containsExactly(
                            session.ops().select(key, 1, new int[] {4, 5, 6, 7}).toFloatArray());
        }
    }

    @Test
    void headsAreRemovedBeforeAPrefixIsThereAndNotAfter() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetModule module = attach(session, model, PLAIN);
            assertThatThrownBy(() -> model.attentions().get(0).keepGroups(new int[] {0}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("toy.layer.0.attention carries a prefix and cannot be narrowed");

            module.detach();
            model.halve();
            assertThat(logits(session, model)).isNotEmpty();
            assertThat(attach(session, model, PLAIN)
                            .state()
                            .get("toy.layer.0.attention.key.prefix")
                            .getShape()
                            .getShape())
                    .containsExactly(3, 4);
        }
    }

    @Test
    void mergingIsRefusedWithTheReason() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetModule module = attach(session, model, PLAIN);
            assertThatThrownBy(module::merge)
                    .isInstanceOf(OptionException.class)
                    .hasMessage("prefix cannot be folded into weights; found virtual keys and values, which stand"
                            + " beside those of the tokens; allowed an adapter directory");
        }
    }

    private static PetModule attach(ContractSession session, TransformerModel model, PrefixOptions options) {
        return new PrefixFactory().create(options, session.context(1)).attach(model);
    }

    private static float[] logits(ContractSession session, ToyTransformer model) {
        Ops.Scope scope = session.ops().scope();
        try (scope) {
            return model.forward(ToyBatch.of(session.manager(), model.spec(), 1), ForwardMode.EXACT)
                    .requireLogits()
                    .toFloatArray();
        }
    }
}
