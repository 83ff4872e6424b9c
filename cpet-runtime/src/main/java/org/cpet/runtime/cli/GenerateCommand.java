package org.cpet.runtime.cli;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.cpet.runtime.generate.Generation;
import org.cpet.runtime.generate.Sampling;
import org.cpet.runtime.generate.TokenChoice;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet generate}. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Continues a prompt; greedy unless a temperature, top-k or top-p is given.",
        footer = {"", "Example:", "  cpet generate --model DIR --prompt 'Once upon a time' --max-new-tokens 64"})
final class GenerateCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "model directory")
    private Path model;

    @Option(names = "--adapter", description = "PEFT adapter directory")
    private @Nullable Path adapter;

    @Option(names = "--prompt", required = true, description = "the text to continue")
    private String prompt;

    @Option(names = "--max-new-tokens", defaultValue = "64", description = "default: ${DEFAULT-VALUE}")
    private int maxNewTokens;

    @Option(names = "--temperature", description = "divides the logits; above 1 is more random")
    private @Nullable Double temperature;

    @Option(names = "--top-k", description = "draw among the k best tokens")
    private @Nullable Integer topK;

    @Option(names = "--top-p", description = "draw among the best tokens with this joint probability")
    private @Nullable Double topP;

    @Option(names = "--seed", defaultValue = "42", description = "of the draws (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--stop-id", description = "stop at this token as well as at the model's end token")
    private @Nullable Long stopId;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Mixin
    private Kernels kernels;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        try (Desk desk = Desk.open(plugins, kernels, seed, 0);
                Tokenizer tokenizer = Tokenizer.load(model);
                OpenedModel opened = OpenedModel.open(
                        model, adapter, DataType.FLOAT32, desk.engine(), desk.catalog(), desk.context());
                NDManager manager = desk.engine().manager().newSubManager()) {
            if (!(opened.model() instanceof GenerativeModel generative)) {
                throw new CpetException(
                        ExitCode.INPUT,
                        model + ": this model generates nothing; found task "
                                + opened.model().layout().task() + "; allowed CAUSAL_LM, SEQ2SEQ_LM");
            }
            tokenizer.requireWithin(generative.layout().vocabulary());
            ImmutableLongArray ids = tokenizer.encode(prompt).ids();
            if (ids.isEmpty()) {
                throw new CpetException(ExitCode.RECIPE, "--prompt; found '" + prompt + "', no token; allowed a text");
            }
            TokenBatch batch = TokenBatch.of(
                    manager.create(new long[][] {ids.toArray()}),
                    manager.ones(new ai.djl.ndarray.types.Shape(1, ids.length()), DataType.INT64));
            Generation generation = new Generation(choice(), maxNewTokens, stops(generative.config()));
            ImmutableLongArray made = generation
                    .run(
                            generative,
                            desk.engine().ops(),
                            batch,
                            ForwardMode.EXACT,
                            desk.context().random("generate"))
                    .get(0);
            print(tokenizer, generative.layout().task(), ids, made);
            return 0;
        }
    }

    private void print(Tokenizer tokenizer, ModelTask task, ImmutableLongArray ids, ImmutableLongArray made) {
        ImmutableLongArray all = task == ModelTask.CAUSAL_LM
                ? ImmutableLongArray.builder().addAll(ids).addAll(made).build()
                : made;
        String text = tokenizer.decode(all, true);
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("prompt_ids", ids.asList());
            document.put("ids", made.asList());
            document.put("text", text);
            System.out.println(Json.write(document));
        } else {
            System.out.println(text);
        }
    }

    private TokenChoice choice() {
        if (temperature == null && topK == null && topP == null) {
            return new TokenChoice.Greedy();
        }
        return new Sampling(
                temperature == null ? 1.0 : temperature, topK == null ? 0 : topK, topP == null ? 1.0 : topP);
    }

    /** The end tokens of the config, one or a list, and the one asked for. */
    private Set<Long> stops(ModelConfig config) {
        TreeSet<Long> stops = new TreeSet<>();
        Object end = config.values().get("eos_token_id");
        List<?> ends = end instanceof List<?> list ? list : end == null ? List.of() : List.of(end);
        ends.stream().filter(Number.class::isInstance).forEach(id -> stops.add(((Number) id).longValue()));
        if (stopId != null) {
            stops.add(stopId);
        }
        return stops;
    }
}
