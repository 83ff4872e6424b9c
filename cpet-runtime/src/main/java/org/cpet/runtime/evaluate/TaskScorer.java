package org.cpet.runtime.evaluate;

import java.util.List;
import java.util.OptionalDouble;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.EncodedData;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.train.Scorer;
import org.cpet.runtime.train.Validation;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Scores models on a task's held-out rows in deployed arithmetic; times them on the first rows of its test set. */
public final class TaskScorer implements Scorer {
    private static final int TIMED_ROWS = 32;

    private final Ops ops;
    private final Evaluator evaluator;
    private final Collator collator;
    private final EncodedData validation;
    private final EncodedData test;

    public TaskScorer(Ops ops, Evaluator evaluator, Collator collator, EncodedData validation, EncodedData test) {
        this.ops = ops;
        this.evaluator = evaluator;
        this.collator = collator;
        this.validation = validation;
        this.test = test;
    }

    @Override
    public Validation.Measured validation(TransformerModel model) {
        return evaluator.evaluate(model, validation, ForwardMode.DEPLOYED).measured();
    }

    @Override
    public Validation.Measured test(TransformerModel model) {
        return evaluator.evaluate(model, test, ForwardMode.DEPLOYED).measured();
    }

    @Override
    @SuppressWarnings("try") // the scope frees the batch
    public Timing latency(TransformerModel model) {
        try (Ops.Scope scope = ops.scope()) {
            return Latency.STANDARD.measure(ops, model, collator.batch(timed()), ForwardMode.DEPLOYED);
        }
    }

    @Override
    public List<Product> products(TransformerModel model) {
        return new ProductTimes(ops).of(model);
    }

    @Override
    public OptionalDouble exactToDeployed(TransformerModel model) {
        return test.size() == 0 ? OptionalDouble.empty() : OptionalDouble.of(evaluator.exactToDeployed(model, timed()));
    }

    private List<EncodedRow> timed() {
        return test.rows().subList(0, Math.min(TIMED_ROWS, test.size()));
    }
}
