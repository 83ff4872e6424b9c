package org.cpet.runtime.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Path;
import java.util.List;
import org.cpet.runtime.plugin.PluginCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RecipeSchemaTest {
    private static final String WHOLE = """
            name: sst2-q-sp
            model: {path: model, task: seq_cls}
            data: {dataset: glue/sst2, path: data, max_length: 64}
            pet: {type: lora, lora_alpha: 32, target_modules: query}
            teacher:
              training: {learning_rate: 5.0e-4, epochs: 3, batch_size: 32}
            compression:
              - structured_pruning: {heads: 0.5, ffn: 0.5}
              - int8:
              - int8
            inheritance:
            recovery: {type: bottleneck}
            distillation: {type: logits_mse}
            training: {learning_rate: 1e-3, max_steps: 100, batch_size: 32}
            evaluation: {metrics: [accuracy, f1: {average: macro}], compare: [teacher, cpet]}
            gates: [{metric: accuracy, min: 0.8}]
            """;

    @TempDir
    Path folder;

    private PluginCatalog catalog;
    private Schema schema;

    @BeforeEach
    void readSchema() {
        catalog = StandIns.catalog(folder);
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(json(catalog), InputFormat.JSON);
    }

    @AfterEach
    void closeCatalog() {
        catalog.close();
    }

    @Test
    void aWholeRecipeSatisfiesIt() {
        assertThat(errors(WHOLE)).isEmpty();
    }

    @Test
    void theSmallestRecipeSatisfiesIt() {
        assertThat(errors("name: a\nmodel: {path: m, task: causal_lm}\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nmae: again",
                "seed: -1",
                "seed: 1.5",
                "model: {path: m, task: seq_clas}",
                "model: {path: m}",
                "data: {dataset: unheard_of, path: d}",
                "pet: {type: lora, rnk: 8, target_modules: query}",
                "pet: {type: lora, r: 0, target_modules: query}",
                "pet: {type: lora}",
                "pet: {type: unheard_of}",
                "pet: lora",
                "compression: []",
                "compression: [int4]",
                "compression: [{int8: {}, structured_pruning: {}}]",
                "compression: [structured_pruning: {heads: 1.0}]",
                "training: {learning_rate: 0, batch_size: 1, epochs: 1}",
                "evaluation: {metrics: [f1: {average: macr}]}",
                "evaluation: {compare: [teachers]}",
                "gates: [{metric: accuracy}]"
            })
    void brokenRecipesDoNot(String line) {
        String key = line.substring(0, line.indexOf(':'));
        String rest = "name: a\nmodel: {path: m, task: causal_lm}\n".replaceAll("(?m)^" + key + ":.*\n", "");

        assertThat(errors(rest + line)).isNotEmpty();
    }

    @Test
    void oneCatalogAlwaysGivesTheSameText() {
        assertThat(json(catalog)).isEqualTo(json(catalog));
    }

    @Test
    void optionsCarryDescriptionRangeAndDefault() {
        assertThat(json(catalog))
                .contains("{\"description\":\"share of inputs dropped\",\"type\":\"number\",\"minimum\":0,"
                        + "\"exclusiveMaximum\":1,\"default\":0}");
    }

    private List<Error> errors(String yaml) {
        return schema.validate(yaml, InputFormat.YAML);
    }

    private static String json(PluginCatalog catalog) {
        return JsonMapper.builder().build().writeValueAsString(RecipeSchema.of(catalog));
    }
}
