package org.cpet.runtime.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.runtime.engine.safetensors.SafetensorsWriter;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * Writes a model as a Hugging Face directory that opens as what the model is now: narrowed sizes in {@code config.json},
 * weights in {@code model.safetensors}, and the tokenizer's files. Layers whose packed form a plugin can open again are
 * written packed, other compressed layers as the dense weights they stand for.
 */
public final class ModelWriter {
    private static final List<String> COPIED = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "generation_config.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "spiece.model");

    private final Ops ops;

    public ModelWriter(Ops ops) {
        this.ops = ops;
    }

    /**
     * Writes into {@code target}, which is made where it is not there.
     *
     * @param source the directory the model came from, whose tokenizer it keeps
     */
    public void write(TransformerModel model, ModelDirectory source, Path target) {
        Ops.Scope scope = ops.scope();
        try (scope) {
            Map<String, NDArray> tensors = tensors(model);
            Map<String, Object> config = config(model, tensors);
            Files.createDirectories(target);
            SafetensorsWriter.write(target.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
            Files.write(target.resolve("config.json"), ConfigJson.write(config));
            SavedBlocks.write(model, target);
            for (String name : COPIED) {
                Path file = source.path().resolve(name);
                if (Files.isRegularFile(file)) {
                    Files.copy(file, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new CpetException(ExitCode.DISK, target + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private static Map<String, NDArray> tensors(TransformerModel model) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        for (ModelTensor tensor : model.savedTensors()) {
            tensors.put(tensor.name(), tensor.value());
        }
        Map<String, String> tied = model.layout().aliases();
        for (LinearSite site : model.linears()) {
            String weight = site.name() + ".weight";
            if (tied.containsKey(weight)) {
                checkTied(site, tensors, tied.get(weight));
            } else if (!(site.op() instanceof DenseLinear) && site.op().packed().isEmpty()) {
                String saved = model.savedName(site.name());
                site.op().tensors().forEach(packed -> tensors.remove(model.savedName(packed.name())));
                tensors.put(saved + ".weight", site.op().weight());
                site.op().bias().forEach(bias -> tensors.put(saved + ".bias", bias));
            }
        }
        return tensors;
    }

    private static void checkTied(LinearSite site, Map<String, NDArray> tensors, String table) {
        if (!(site.op() instanceof DenseLinear) || site.op().weight() != tensors.get(table)) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    site.name() + " was changed but config.json ties it to " + table
                            + "; allowed an output head left as it was");
        }
    }

    private static Map<String, Object> config(TransformerModel model, Map<String, NDArray> tensors) {
        Map<String, Object> config = new LinkedHashMap<>(model.savedConfig());
        config.remove(PackedConfig.KEY);
        Map<String, Object> packed = PackedConfig.write(model);
        if (!packed.isEmpty()) {
            config.put(PackedConfig.KEY, packed);
        }
        Set<String> stored = model.linears().stream()
                .filter(site -> site.op().packed().isPresent())
                .flatMap(site -> site.op().tensors().stream())
                .map(ModelTensor::name)
                .collect(Collectors.toSet());
        List<DataType> types = tensors.entrySet().stream()
                .filter(tensor -> !stored.contains(tensor.getKey()))
                .map(tensor -> tensor.getValue().getDataType())
                .distinct()
                .toList();
        if (types.size() == 1) {
            String key = config.containsKey("torch_dtype") ? "torch_dtype" : "dtype";
            config.put(key, types.get(0).name().toLowerCase(Locale.ROOT));
        }
        return config;
    }
}
