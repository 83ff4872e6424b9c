package org.cpet.plugin.pet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToyBatch;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.Test;

class ToyTransformerTest {
    @Test
    void paddingDoesNotReachTheClassifier() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            TokenBatch batch = ToyBatch.of(session.manager(), ToySpec.classifier(), 1);
            NDArray before = model.forward(batch, ForwardMode.EXACT).requireLogits();

            NDArray padding = batch.attentionMask().mul(-1).add(1);
            TokenBatch changed = TokenBatch.of(batch.inputIds().add(padding.mul(7)), batch.attentionMask());
            NDArray after = model.forward(changed, ForwardMode.EXACT).requireLogits();

            assertThat(before.getShape()).isEqualTo(new Shape(3, 3));
            assertThat(after.toFloatArray()).isEqualTo(before.toFloatArray());
        }
    }

    @Test
    void bothTypesComputeTheSameWithinFloat32() {
        for (ToySpec spec : new ToySpec[] {
            ToySpec.classifier(),
            ToySpec.languageModel(),
            ToySpec.languageModel().grouped(2)
        }) {
            try (ContractSession session = ContractSession.openFloat64();
                    ToyTransformer narrow = ToyTransformer.open(session, spec);
                    ToyTransformer wide = ToyTransformer.open(session, spec.float64())) {
                TokenBatch batch = ToyBatch.of(session.manager(), spec, 1);
                NDArray a = narrow.forward(batch, ForwardMode.EXACT).requireLogits();
                NDArray b = wide.forward(batch, ForwardMode.EXACT).requireLogits();

                assertThat(b.getDataType()).isEqualTo(DataType.FLOAT64);
                double difference =
                        a.toType(DataType.FLOAT64, true).sub(b).abs().max().getDouble();
                assertThat(difference).isBetween(1e-9, 1e-5); // float32 rounding, and not the same type by mistake
                assertThat(b.abs().max().getDouble()).isGreaterThan(0.1);
            }
        }
    }
}
