package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.cpet.it.support.SmallFamily;
import org.cpet.it.support.TrainedPet;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.script.Methods;
import org.cpet.runtime.script.ScriptContext;
import org.cpet.spi.CpetException;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every PET method in the catalog on every compressor and family: it trains, or is refused for the reason written down
 * here. Methods join by being on the class path; one that cannot do with its defaults gets a row in a table.
 */
class MethodPairsTest {
    private static final int STEPS = 50;
    private static final String NONE = "none";

    /** What stands in a recipe, and the learning rate that a few steps need. */
    private record Setting(Map<String, Object> options, double learningRate) {
        static Setting of(Map<String, Object> options) {
            return new Setting(options, 0.03);
        }
    }

    private static final List<String> INNER = List.of("all-query", "all-value", "all-ffn-out");

    private static final Map<String, List<Setting>> PETS = Map.of(
            "lora",
            List.of(
                    Setting.of(Map.of("r", 4, "target_modules", INNER)),
                    Setting.of(Map.of("r", 4, "use_dora", true, "target_modules", INNER))),
            "compacter",
            List.of(Setting.of(Map.of("reduction_factor", 2, "hypercomplex_division", 2))),
            "prefix",
            List.of(new Setting(Map.of("num_virtual_tokens", 4), 0.2)),
            "prompt",
            List.of(new Setting(Map.of("num_virtual_tokens", 4), 0.2)));

    private static final Map<String, List<Map<String, Object>>> COMPRESSORS = Map.of(
            NONE,
            List.of(Map.of()),
            "structured_pruning",
            List.of(Map.of("heads", 0.5, "ffn", 0.5), Map.of("layers", 0.5, "hidden", 0.25)),
            "unstructured_pruning",
            List.of(Map.of("pattern", "2:4")),
            "moefication",
            List.of(Map.of("experts", 4, "share", 0.5)));

    /**
     * What cannot be: a compressor on an original model, or a PET on a compressed one.
     *
     * @param method the one that refuses
     * @param where the models it refuses
     * @param message a pattern
     */
    private record Refusal(String method, Predicate<ModelLayout> where, String message) {
        static Optional<Refusal> of(String method, ModelLayout layout) {
            return REFUSALS.stream()
                    .filter(one -> one.method.equals(method) && one.where.test(layout))
                    .findFirst();
        }
    }

    private static final String UNGATED_ONLY = ": FFN .*; found a gate \\(.*\\); allowed .*";

    private static final List<Refusal> REFUSALS = List.of(
            new Refusal("moefication", MethodPairsTest::isGated, "moefication" + UNGATED_ONLY),
            new Refusal("relufication", MethodPairsTest::isGated, "relufication" + UNGATED_ONLY),
            new Refusal(
                    "full",
                    layout -> !storages(layout).equals(Set.of("float32")),
                    "full trains every tensor; found '.*' held as .*; allowed dense weights"),
            new Refusal(
                    "peqa",
                    MethodPairsTest::isNotPacked,
                    "peqa trains the scales of packed layers; found .* in .*; allowed w2, .*"),
            new Refusal(
                    "qat",
                    MethodPairsTest::isNotPacked,
                    "qat trains the codes of packed layers; found .* in .*; allowed w2, .*"));

    private static boolean isNotPacked(ModelLayout layout) {
        return storages(layout).stream().noneMatch(storage -> storage.matches("w[2348](g[0-9]+)?"));
    }

    private static boolean isGated(ModelLayout layout) {
        return layout.feedForwards().stream().anyMatch(block -> block.ins().size() > 1);
    }

    private static Set<String> storages(ModelLayout layout) {
        return layout.blockLinears().stream().map(LinearSpec::storage).collect(Collectors.toSet());
    }

    private static final EngineSession ENGINE = EngineSession.open(DeviceChoice.parse("cpu"), 1);
    private static final PluginCatalog CATALOG =
            PluginCatalog.discover(MethodPairsTest.class.getClassLoader(), List.of());

    private final ScriptContext context = new ScriptContext(ENGINE, 3, notice -> {});
    private final TaskLoss loss = Methods.crossEntropy(CATALOG, context);

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        ENGINE.close();
        CATALOG.close();
    }

    static Stream<Arguments> compressedFamilies() {
        return Stream.concat(Stream.of(NONE), CATALOG.names(Kind.COMPRESSOR).stream())
                .flatMap(name -> COMPRESSORS.getOrDefault(name, List.of(Map.of())).stream()
                        .flatMap(options ->
                                Stream.of(SmallFamily.values()).map(family -> Arguments.of(name, options, family))));
    }

    @ParameterizedTest(name = "{0} {1} on {2}")
    @MethodSource("compressedFamilies")
    void everyPetTrainsOrIsRefusedForAReason(String compressor, Map<String, Object> options, SmallFamily family) {
        try (NDManager manager = ENGINE.manager().newSubManager();
                TransformerModel model = open(family)) {
            TokenBatch batch = family.batch(manager);
            if (!compressor.equals(NONE)) {
                Compressor method = Methods.compressor(CATALOG, compressor, options, context);
                if (refused(compressor, model.layout(), method::plan)) {
                    return;
                }
                method.compress(model, new OneBatch(batch, loss));
            }
            SoftAssertions all = new SoftAssertions();
            for (String pet : CATALOG.names(Kind.PET)) {
                for (Setting setting : PETS.getOrDefault(pet, List.of(Setting.of(defaults(pet))))) {
                    all.assertThatCode(() -> check(pet, setting, model, batch))
                            .as("%s %s", pet, setting.options())
                            .doesNotThrowAnyException();
                }
            }
            all.assertAll();
        }
    }

    private void check(String pet, Setting setting, TransformerModel model, TokenBatch batch) {
        PetMethod method = Methods.pet(CATALOG, pet, setting.options(), context);
        if (refused(pet, model.layout(), method::plan)) {
            return;
        }
        TrainedPet.on(ENGINE.ops(), model, method, batch, loss).check(STEPS, setting.learningRate());
    }

    /** Layers to choose where a recipe must choose them. */
    private static Map<String, Object> defaults(String pet) {
        Class<?> options = CATALOG.find(Kind.PET, pet).orElseThrow().optionsType();
        boolean chooses = OptionSpec.of(options.asSubclass(Record.class)).stream()
                .anyMatch(spec -> spec.key().equals("target_modules") && spec.required());
        return chooses ? Map.of("target_modules", INNER) : Map.of();
    }

    /** Whether planning fails, as it is written down. */
    private static boolean refused(String method, ModelLayout layout, Function<ModelLayout, ?> plan) {
        Optional<Refusal> refusal = Refusal.of(method, layout);
        try {
            plan.apply(layout);
        } catch (CpetException refused) {
            assertThat(refusal)
                    .as("a refusal is written down for: %s", refused.getMessage())
                    .isPresent();
            assertThat(refused.getMessage()).matches(refusal.orElseThrow().message());
            return true;
        }
        assertThat(refusal).as("%s was not refused", method).isEmpty();
        return false;
    }

    @Test
    void theTablesNameMethodsThatExist() {
        List<String> named = new ArrayList<>(PETS.keySet());
        named.addAll(COMPRESSORS.keySet());
        REFUSALS.forEach(refusal -> named.add(refusal.method()));
        List<String> known = new ArrayList<>(CATALOG.names(Kind.PET));
        known.addAll(CATALOG.names(Kind.COMPRESSOR));
        known.add(NONE);

        assertThat(known).containsAll(named);
    }

    private TransformerModel open(SmallFamily family) {
        ModelDirectory directory = ModelDirectory.open(family.write(folder.resolve(family.name())));
        return new ModelLoader(Extensions.families(CATALOG, context), ENGINE, context)
                .random(directory, family.request(), DataType.FLOAT32);
    }

    private record OneBatch(TokenBatch batch, TaskLoss loss) implements CalibrationData {
        @Override
        public void forEach(Consumer<TokenBatch> batches) {
            batches.accept(batch);
        }

        @Override
        public long rows() {
            return batch.inputIds().getShape().get(0);
        }

        @Override
        public Optional<TaskLoss> taskLoss() {
            return Optional.of(loss);
        }
    }
}
