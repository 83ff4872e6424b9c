package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.spi.InputException;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layouts come from configs alone: the context here has no engine to start. */
class ConfigErrorsTest {
    private static final Map<String, Object> BERT = Map.of(
            "model_type", "bert",
            "vocab_size", 30,
            "hidden_size", 12,
            "num_hidden_layers", 1,
            "num_attention_heads", 3,
            "intermediate_size", 8,
            "max_position_embeddings", 16);
    private static final Map<String, Object> LLAMA = Map.of(
            "model_type", "llama",
            "vocab_size", 30,
            "hidden_size", 12,
            "num_hidden_layers", 1,
            "num_attention_heads", 4,
            "head_dim", 6,
            "num_key_value_heads", 2,
            "intermediate_size", 8,
            "max_position_embeddings", 4096);
    private static final Map<String, Object> T5 = Map.of(
            "model_type", "t5",
            "vocab_size", 30,
            "d_model", 12,
            "d_kv", 5,
            "d_ff", 8,
            "num_layers", 1,
            "num_heads", 3);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bert | hidden_act | quick_gelu | 'hidden_act'; found quick_gelu; allowed gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish, tanh
            bert | num_attention_heads | 5 | 'hidden_size'; found 12; allowed a multiple of num_attention_heads (5) unless attention_head_size is given
            bert | num_hidden_layers | 0 | 'num_hidden_layers'; found 0; allowed whole numbers from 1
            bert | hidden_dropout_prob | 1 | 'hidden_dropout_prob'; found 1.0; allowed 0 to below 1
            bert | position_embedding_type | relative_key | 'position_embedding_type'; found relative_key; allowed absolute
            bert | vocab_size | many | 'vocab_size'; found many; allowed a whole number
            bert | model_type | brt | 'model_type'; found brt; allowed bert, llama, mistral, roberta, t5; did you mean bert?
            llama | num_key_value_heads | 3 | 'num_key_value_heads'; found 3; allowed divisors of num_attention_heads (4)
            llama | head_dim | 7 | 'head_dim'; found 7; allowed even numbers, whose halves are rotated
            llama | model_type | mistral | 'sliding_window'; found 4095; allowed null, or at least max_position_embeddings (4096)
            t5 | feed_forward_proj | gated-swiglu | 'feed_forward_proj'; found gated-swiglu; allowed gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish, tanh
            t5 | relative_attention_num_buckets | 3 | 'relative_attention_num_buckets'; found 3; allowed whole numbers from 4
            t5 | relative_attention_max_distance | 16 | 'relative_attention_max_distance'; found 16; allowed whole numbers above half of relative_attention_num_buckets (32)
            """)
    void aConfigThatCannotBeUsedNamesItsKey(String base, String key, String value, String message) {
        Map<String, Object> config = new LinkedHashMap<>(base(base));
        config.put("sliding_window", 4095);
        config.put(key, value.matches("\\d+") ? (Object) Integer.valueOf(value) : value);

        assertThatThrownBy(() -> layout(config))
                .isInstanceOf(InputException.class)
                .hasMessage("config.json: " + message);
    }

    @Test
    void aMissingKeyIsNamed() {
        Map<String, Object> config = new LinkedHashMap<>(LLAMA);
        config.remove("intermediate_size");

        assertThatThrownBy(() -> layout(config))
                .hasMessage("config.json: 'intermediate_size' is missing; allowed a whole number");
    }

    @Test
    void aScalingRuleThatIsNotKnownIsRefused() {
        Map<String, Object> config = new LinkedHashMap<>(LLAMA);
        config.put("rope_scaling", Map.of("type", "yarn", "factor", 4));

        assertThatThrownBy(() -> layout(config))
                .hasMessage("config.json: 'rope_scaling.rope_type'; found yarn; allowed default, linear, llama3");
    }

    @Test
    void aScalingRuleNeedsItsFactor() {
        Map<String, Object> config = new LinkedHashMap<>(LLAMA);
        config.put("rope_parameters", Map.of("rope_type", "linear", "rope_theta", 10_000));

        assertThatThrownBy(() -> layout(config))
                .hasMessage("config.json: 'rope_parameters.factor' is missing; allowed numbers from 1");
    }

    @Test
    void aWindowAsLongAsTheLongestRowIsNoWindow() {
        Map<String, Object> config = new LinkedHashMap<>(LLAMA);
        config.put("model_type", "mistral");

        assertThat(layout(config).family()).isEqualTo("llama");
        config.put("max_position_embeddings", 8192);
        config.put("sliding_window", null);
        assertThat(layout(config).family()).isEqualTo("llama");
    }

    @Test
    void aTaskThatAFamilyCannotDoIsRefused() {
        ModelRequest request = new ModelRequest(ModelTask.SEQ_CLS, 2);

        assertThatThrownBy(() -> families().of(config(LLAMA)).layout(config(LLAMA), request))
                .hasMessage("config.json: model_type 'llama' as seq_cls; allowed causal_lm");
    }

    private static ModelLayout layout(Map<String, Object> values) {
        ModelConfig config = config(values);
        ModelFamily family = families().of(config);
        return family.layout(config, new ModelRequest(family.nativeTask(config), 0));
    }

    private static ModelConfig config(Map<String, Object> values) {
        return new ModelConfig(Path.of("config.json"), values);
    }

    private static Map<String, Object> base(String name) {
        return switch (name) {
            case "bert" -> BERT;
            case "llama" -> LLAMA;
            default -> T5;
        };
    }

    private static ModelFamilies families() {
        List<ModelFamily> families = new ArrayList<>();
        for (ModelFamilyFactory factory : ServiceLoader.load(ModelFamilyFactory.class)) {
            families.add(factory.create(new NoOptions(), new NoEngine()));
        }
        return new ModelFamilies(families);
    }

    private static final class NoEngine implements PluginContext {
        @Override
        public Ops ops() {
            throw new AssertionError("the engine was started");
        }

        @Override
        public RandomGenerator random(String name) {
            throw new AssertionError("nothing is drawn");
        }

        @Override
        public void notice(String message) {
            throw new AssertionError(message);
        }
    }
}
