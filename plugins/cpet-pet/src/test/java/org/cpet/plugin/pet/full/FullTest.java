package org.cpet.plugin.pet.full;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cpet.plugin.pet.OpaqueLinear;
import org.cpet.spi.NoOptions;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FullTest {
    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void everyTensorOfTheModelIsTrained() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            PetModule module = full().attach(model);

            assertThat(module.parameters())
                    .extracting(TrainableTensor::name)
                    .containsExactlyElementsOf(
                            model.tensors().stream().map(ModelTensor::name).toList());
            assertThat(module.peftConfig()).containsEntry("peft_type", "CPET_FULL");
        }
    }

    @Test
    void aTiedHeadTrainsWithTheEmbeddings() {
        ToySpec tied = ToySpec.languageModel().withTiedHead();
        try (ToyTransformer model = ToyTransformer.open(session, tied)) {
            PetModule module = full().attach(model);
            LinearSite head = model.linears().get(model.linears().size() - 1);
            TrainableTensor embeddings = module.parameters().get(0);

            assertThat(module.parameters()).extracting(TrainableTensor::name).doesNotContain("lm_head.weight");
            assertThat(embeddings.name()).isEqualTo("toy.embeddings.weight");
            assertThat(head.op().weight()).isSameAs(embeddings.value());
            assertThat(full().plan(model.layout()).total())
                    .isEqualTo(module.parameters().stream()
                            .mapToLong(parameter -> parameter.value().size())
                            .sum());
        }
    }

    @Test
    void thePlanFollowsWhatCompressionNarrowed() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            long whole = full().plan(model.layout()).total();
            ModelLayout original = model.layout();
            model.halve();
            ModelLayout narrowed = original.with(
                    model.layout().linears(),
                    model.layout().attentions(),
                    model.layout().feedForwards());

            assertThat(full().plan(narrowed).total())
                    .isEqualTo(full().plan(model.layout()).total())
                    .isLessThan(whole);
        }
    }

    @Test
    void aWeightThatIsNotDenseCannotBeTrained() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            LinearSite site = model.linears().get(1);
            site.replace(new OpaqueLinear(session.ops().copy(site.op().weight())));

            assertThatThrownBy(() -> full().attach(model))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("full trains every tensor; found 'toy.layer.0.attention.key' held as opaque;"
                            + " allowed dense weights");
        }
    }

    private PetMethod full() {
        return new FullFactory().create(new NoOptions(), session.context(1));
    }
}
