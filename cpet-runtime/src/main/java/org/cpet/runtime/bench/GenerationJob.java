package org.cpet.runtime.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.cpet.runtime.generate.Generation;
import org.cpet.runtime.generate.TokenChoice;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/** Greedy continuations of one prompt. */
final class GenerationJob implements BenchJob {
    private final GenerativeModel model;
    private final Ops ops;
    private final NDManager manager;
    private final Workload shape;
    private final SplittableRandom random;

    private GenerationJob(GenerativeModel model, Ops ops, NDManager manager, Workload shape, long seed) {
        this.model = model;
        this.ops = ops;
        this.manager = manager;
        this.shape = shape;
        this.random = new SplittableRandom(seed);
    }

    static GenerationJob build(BenchRequest request, BenchModels models, Ops ops) {
        GenerativeModel model = (GenerativeModel) models.dense(request.shape(), request.type());
        if (request.mode().int8()) {
            models.quantize(model);
        } else if (request.mode().w4()) {
            models.pack(model);
        }
        return new GenerationJob(
                model, ops, model.manager(), request.shape(), request.common().seed());
    }

    @Override
    @SuppressWarnings("try") // the scope frees the prompt
    public double step() {
        try (Ops.Scope scope = ops.scope()) {
            Shape form = new Shape(1, shape.prompt());
            long[] ids = random.longs(shape.prompt(), 1, shape.vocab()).toArray();
            long[] mask = LongStream.generate(() -> 1).limit(ids.length).toArray();
            TokenBatch prompt = TokenBatch.of(manager.create(ids, form), manager.create(mask, form));
            ImmutableLongArray made = new Generation(new TokenChoice.Greedy(), shape.newTokens(), Set.of())
                    .run(model, ops, prompt, ForwardMode.DEPLOYED, random)
                    .get(0);
            return made.get(made.length() - 1);
        }
    }

    @Override
    public long parameters() {
        return model.tensors().stream()
                .mapToLong(tensor -> tensor.value().size())
                .sum();
    }

    @Override
    public void close() {
        model.close();
    }
}
