package org.cpet.runtime.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cpet.runtime.script.ForwardPass;
import org.cpet.runtime.script.Methods;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.runtime.script.TensorFiles;
import org.cpet.spi.model.TokenBatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet forward}. */
@Command(
        name = "forward",
        mixinStandardHelpOptions = true,
        description = "Runs a model on a file of token tensors and writes logits, loss and hidden states.",
        footer = {"", "Example:", "  cpet forward --model DIR --inputs in.safetensors --outputs out.safetensors"})
final class ForwardCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "model directory")
    private Path model;

    @Option(names = "--adapter", description = "PEFT adapter directory")
    private @Nullable Path adapter;

    @Option(
            names = "--as-pruned",
            description = "silence the heads and neurons that the adapter's own model did not have")
    private boolean asPruned;

    @Option(names = "--dtype", defaultValue = "float32", description = "arithmetic (default: ${DEFAULT-VALUE})")
    private String dtype;

    @Option(names = "--hidden-states", description = "write every hidden state")
    private boolean hiddenStates;

    @Option(names = "--inputs", required = true, description = "input_ids, attention_mask, labels, ...")
    private Path inputs;

    @Option(names = "--outputs", required = true, description = "file to write")
    private Path outputs;

    @Option(names = "--json", description = "print names and shapes of what was written")
    private boolean json;

    @Mixin
    private Kernels kernels;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        DataType type = Desk.type(dtype);
        try (Desk desk = Desk.openPlain(plugins, kernels, 0);
                OpenedModel opened =
                        OpenedModel.open(model, adapter, type, desk.engine(), desk.catalog(), desk.context());
                NDManager manager = desk.engine().manager().newSubManager()) {
            if (asPruned && adapter != null) {
                opened.silenceRemoved(adapter);
            }
            ForwardPass pass =
                    new ForwardPass(desk.engine().ops(), Methods.crossEntropy(desk.catalog(), desk.context()));
            TokenBatch batch = TensorFiles.batch(
                    inputs, desk.engine(), manager, opened.model().layout());
            Map<String, NDArray> results = pass.run(opened.model(), batch, hiddenStates);
            TensorFiles.write(outputs, results);
            if (json) {
                Map<String, Object> shapes = new LinkedHashMap<>();
                results.forEach(
                        (name, tensor) -> shapes.put(name, tensor.getShape().getShape()));
                System.out.println(Json.write(Map.of("outputs", outputs.toString(), "tensors", shapes)));
            }
            return 0;
        }
    }
}
