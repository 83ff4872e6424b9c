package org.cpet.plugin.models.bert;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.models.ModelSession;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.PromptColumns;
import org.cpet.plugin.models.Sight;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trained BERT-tiny whose embedding tables nobody has: its layers and head on given vectors. */
class TrainedLayersTest {
    // float32 against float32 of another library; the golden logits agree with float64 to 3e-7
    private static final float CLOSE = 1e-5f;

    @ParameterizedTest
    @ValueSource(strings = {"all13", "first7", "permuted"})
    void layersAndHeadGiveTheGoldenValues(String name) {
        Path folder = Fixtures.require("models/bert-tiny-sst2-encoder");
        try (ModelSession session = new ModelSession()) {
            Map<String, NDArray> golden = session.read(folder.resolve("golden/forward.safetensors"));
            ModelDirectory directory = ModelDirectory.open(folder);
            ModelRequest request = new ModelRequest(ModelTask.SEQ_CLS, 0);
            ModelLayout layout = directory.layout(session.families(), request);
            BertConfig config = BertConfig.read(directory.config(), request, BertVariant.BERT);
            TensorSource source = new Tensors(session, folder, layout);
            ModelSites sites = ModelSites.of(directory.config(), layout, source, session.ops());
            Ops.Scope scope = session.ops().scope();
            try (scope) {
                NDArray hidden = golden.get(name + ".embeddings").expandDims(0);
                PrefixColumns none = PrefixColumns.of(session.ops(), session.manager(), List.of(), 1);
                PromptColumns noPrompt =
                        PromptColumns.of(session.ops(), new EmbeddingSite("none", new ModelTensor("none", hidden)), 1);
                for (int i = 0; i < 2; i++) {
                    BertLayer layer = new BertLayer(sites, config, "bert.encoder.layer." + i);
                    hidden = layer.apply(hidden, Sight.all(), none, ForwardMode.EXACT);
                    assertClose(hidden, golden.get(name + ".layer" + i));
                }
                ModelOutput output = new BertHead(sites, config, BertVariant.BERT, ModelTask.SEQ_CLS)
                        .apply(List.of(hidden), noPrompt, ForwardMode.EXACT);
                assertClose(output.pooled().orElseThrow(), golden.get(name + ".pooled"));
                assertClose(output.requireLogits(), golden.get(name + ".logits"));
            }
        }
    }

    private static void assertClose(NDArray actual, NDArray expected) {
        assertThat(actual.squeeze(0).sub(expected).abs().max().getFloat()).isLessThan(CLOSE);
    }

    /** The files' tensors, and zeros for the embeddings, which are not read. */
    private record Tensors(ModelSession session, Map<String, NDArray> files, ModelLayout layout)
            implements TensorSource {
        Tensors(ModelSession session, Path folder, ModelLayout layout) {
            this(session, session.read(folder.resolve("encoder.safetensors")), layout);
            files.putAll(session.read(folder.resolve("classifier.safetensors")));
        }

        @Override
        public ModelTensor take(String name) {
            NDArray stored = files.get(name);
            return new ModelTensor(name, stored == null ? zeros(name) : stored);
        }

        private NDArray zeros(String name) {
            assertThat(name).startsWith("bert.embeddings.");
            return layout.tensors().stream()
                    .filter(spec -> spec.name().equals(name))
                    .findFirst()
                    .map(spec -> manager().zeros(spec.shape()))
                    .orElseThrow();
        }

        @Override
        public NDManager manager() {
            return session.manager();
        }
    }
}
