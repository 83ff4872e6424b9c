package org.cpet.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import org.cpet.runtime.recipe.StandIns;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ListingTest {
    @TempDir
    Path folder;

    private PluginCatalog catalog;

    @BeforeEach
    void discover() {
        catalog = StandIns.catalog(folder);
    }

    @AfterEach
    void closeCatalog() {
        catalog.close();
    }

    @Test
    void allKindsAreListedInTheOrderOfARecipe() {
        assertThat(Listing.of(catalog).text()).isEqualTo("""
                kind          name                description                            from
                model_family  stand_in            a family for tests                     cpet-stand-ins-0.1.0.jar
                dataset       jsonl               one JSON object a line                 cpet-stand-ins-0.1.0.jar
                dataset       tsv                 tabs between columns                   cpet-stand-ins-0.1.0.jar
                template      glue/sst2           sentiment of a sentence                cpet-stand-ins-0.1.0.jar
                pet           lora                low-rank updates                       cpet-stand-ins-0.1.0.jar
                compressor    int8                weights in 8 bits                      cpet-stand-ins-0.1.0.jar
                compressor    structured_pruning  fewer heads and neurons                cpet-stand-ins-0.1.0.jar
                recovery      bottleneck          a bottleneck beside each layer         cpet-stand-ins-0.1.0.jar
                distillation  logits_mse          mean squared error of logits           cpet-stand-ins-0.1.0.jar
                metric        accuracy            share of right answers                 cpet-stand-ins-0.1.0.jar
                metric        f1                  harmonic mean of precision and recall  cpet-stand-ins-0.1.0.jar
                """);
    }

    @Test
    void aMethodIsListedWithItsOptions() {
        assertThat(Listing.of(catalog, "pet", "lora").text()).isEqualTo("""
                pet lora: low-rank updates
                from FOLDER/cpet-stand-ins-0.1.0.jar, version 0.1.0

                option          default     allowed                             description
                r               8           a whole number of at least 1        rank of the update
                lora_alpha      16          a number above 0                    scale times rank
                lora_dropout    0           a number of at least 0 and below 1  share of inputs dropped
                target_modules  (required)  a list, each a text                 layers by name endings
                """.replace("FOLDER", folder.toString()));
    }

    @Test
    void scriptsGetTheSameAsJson() {
        assertThat(JsonMapper.builder()
                        .build()
                        .writeValueAsString(Listing.of(catalog, "distillation").document()))
                .isEqualTo("[{\"kind\":\"distillation\",\"name\":\"logits_mse\","
                        + "\"description\":\"mean squared error of logits\","
                        + "\"class\":\"org.cpet.runtime.recipe.StandIns$LogitsMse\",\"origin\":\""
                        + folder.resolve("cpet-stand-ins-0.1.0.jar") + "\",\"version\":\"0.1.0\","
                        + "\"options\":[{\"key\":\"alpha\",\"description\":\"weight of the loss\",\"required\":false,"
                        + "\"default\":\"0.05\",\"allowed\":\"a number of at least 0\"}]}]");
    }

    @Test
    void unknownKindsAndNamesSuggestTheNearest() {
        CpetException kind = catchThrowableOfType(CpetException.class, () -> Listing.of(catalog, "compresor"));
        CpetException name = catchThrowableOfType(CpetException.class, () -> Listing.of(catalog, "pet", "lore"));

        assertThat(kind)
                .hasMessage("no kind of extension named 'compresor'; found compresor; allowed model_family, dataset,"
                        + " template, pet, estimation, compressor, recovery, distillation, task_loss, metric,"
                        + " adapter_codec, adapter_merger; did you mean compressor?")
                .extracting(CpetException::exitCode)
                .isEqualTo(ExitCode.RECIPE);
        assertThat(name)
                .hasMessage("no PET method named 'lore'; found lore; allowed lora (cpet-stand-ins-0.1.0.jar);"
                        + " did you mean lora?");
    }
}
