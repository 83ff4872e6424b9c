package org.cpet.runtime.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.runtime.interop.BaseFingerprint;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.runtime.script.Extensions;
import org.cpet.spi.model.ModelLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cpet inspect}. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Says what a model or adapter directory holds, from its config and headers alone.")
final class InspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "model or adapter directory")
    private Path directory;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        Map<String, Object> facts = Files.exists(directory.resolve("adapter_config.json")) ? adapter() : model();
        if (json) {
            System.out.println(Json.write(facts));
        } else {
            facts.forEach((name, value) -> System.out.printf("%-22s %s%n", name, value));
        }
        return 0;
    }

    private Map<String, Object> adapter() {
        PeftAdapter adapter = PeftAdapter.open(directory);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kind", "adapter");
        facts.put("peft_type", adapter.config().text("peft_type", "unknown"));
        adapter.baseFingerprint().ifPresent(fingerprint -> facts.put("base_fingerprint", fingerprint));
        adapter.codec().ifPresent(codec -> facts.put("codec", codec + "; see cpet adapter info"));
        tensors(adapter.weights(), facts);
        facts.put("recovery", adapter.recoveryConfig().isPresent());
        return facts;
    }

    private Map<String, Object> model() {
        try (PluginCatalog catalog = plugins.open()) {
            ModelFamilies families = Extensions.families(catalog, new EnginelessContext(0));
            ModelDirectory model = ModelDirectory.open(directory);
            ModelLayout layout = model.layout(families, model.nativeRequest(families));
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("kind", "model");
            facts.put("family", layout.family());
            facts.put("task", layout.task().name().toLowerCase(java.util.Locale.ROOT));
            facts.put("hidden_size", layout.hiddenSize());
            facts.put("vocabulary", layout.vocabulary());
            facts.put("linear_layers", layout.linears().size());
            facts.put("attention_blocks", layout.attentions().size());
            facts.put("feed_forward_blocks", layout.feedForwards().size());
            tensors(model.weights(), facts);
            facts.put("fingerprint", BaseFingerprint.of(model.weights()));
            model.check(layout).require();
            facts.put("complete", true);
            return facts;
        }
    }

    private static void tensors(TensorStore store, Map<String, Object> facts) {
        Map<String, Long> byType = new TreeMap<>();
        long parameters = 0;
        long bytes = 0;
        for (TensorEntry entry : store.tensors().values()) {
            byType.merge(entry.type().name(), entry.elements(), Long::sum);
            parameters += entry.elements();
            bytes += entry.end() - entry.begin();
        }
        facts.put("tensors", store.tensors().size());
        facts.put("parameters", parameters);
        facts.put("bytes", bytes);
        facts.put("parameters_by_type", byType);
    }
}
