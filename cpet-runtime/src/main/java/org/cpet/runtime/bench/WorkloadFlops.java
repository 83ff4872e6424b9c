package org.cpet.runtime.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Floating-point operations of a step, a multiply-add counted as two; matrix products and attention alone.
 *
 * <p>With L those of all linear layers, A of attention (the whole square), L₀ the part of L fed straight from frozen
 * embeddings, P(d) of rank-d side paths: inference L + A; full training 3 L + 3 A; LoRA 2 L − L₀ + 3 A + 3 P(r) − P₀(r).
 */
final class WorkloadFlops {
    private final Workload shape;
    private final BenchMode mode;
    private final int recovery;

    WorkloadFlops(Workload shape, BenchMode mode, int recovery) {
        this.shape = mode == BenchMode.INFER_HALF_FFN_HEADS ? shape.half() : shape;
        this.mode = mode;
        this.recovery = recovery;
    }

    /** A linear layer and how many rows go through it. */
    private record Linear(String name, int in, int out, long rows, boolean inBlock, boolean first) {
        double flops() {
            return 2.0 * in * out * rows;
        }

        double down(int rank) {
            return 2.0 * in * rank * rows;
        }

        double up(int rank) {
            return 2.0 * out * rank * rows;
        }
    }

    double perStep() {
        if (mode.generates()) {
            return generation();
        }
        List<Linear> linears = linears();
        double forward = linears.stream().mapToDouble(Linear::flops).sum();
        return switch (mode) {
            case TRAIN_FULL -> 3 * forward + 3 * attention();
            case TRAIN_LORA, TRAIN_LORA_W4, TRAIN_PEQA, TRAIN_CPET_CACHED -> training(linears, forward);
            case TRAIN_CPET -> training(linears, forward) + forward + attention();
            default -> forward + attention();
        };
    }

    private double training(List<Linear> linears, double forward) {
        double total = forward + 3 * attention();
        for (Linear linear : linears) {
            total += linear.first ? 0 : linear.flops();
            total += linear.name.equals("classifier") ? linear.flops() : 0;
            total += mode == BenchMode.TRAIN_PEQA ? scales(linear) : lora(linear);
            total += mode.compresses() && linear.inBlock ? sidePath(linear, recovery) : 0;
        }
        return total;
    }

    /** Scales of groups need the gradient of the whole weight. */
    private static double scales(Linear linear) {
        return linear.inBlock ? linear.flops() : 0;
    }

    private double lora(Linear linear) {
        return shape.loraTargets().contains(linear.name) ? sidePath(linear, shape.loraR()) : 0;
    }

    private static double sidePath(Linear linear, int rank) {
        double down = linear.down(rank);
        return 2 * down + 3 * linear.up(rank) + (linear.first ? 0 : down);
    }

    private double generation() {
        long prompt = shape.prompt();
        long made = shape.newTokens();
        double context = (double) prompt * prompt;
        for (long token = 1; token < made; token++) {
            context += prompt + token;
        }
        double total = 4.0 * shape.heads() * shape.headWidth() * shape.layers() * context;
        for (Linear linear : linears()) {
            long rows = linear.name.equals("lm_head") ? made : prompt + made - 1;
            total += 2.0 * linear.in * linear.out * rows;
        }
        return total;
    }

    private double attention() {
        double each = 4.0 * shape.batch() * shape.heads() * shape.headWidth() * shape.layers();
        double tokens = shape.seq();
        double targets = shape.decSeq();
        return shape.family().equals("t5")
                ? each * (tokens * tokens + targets * targets + targets * tokens)
                : each * tokens * tokens;
    }

    private List<Linear> linears() {
        int hidden = shape.hidden();
        long tokens = (long) shape.batch() * shape.seq();
        long targets = (long) shape.batch() * shape.decSeq();
        List<Linear> all = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            boolean first = layer == 0;
            switch (shape.family()) {
                case "bert" -> block(all, List.of("query", "key", "value"), tokens, first, 1);
                case "llama" -> block(all, List.of("q_proj", "k_proj", "v_proj"), tokens, first, 2);
                default -> {
                    block(all, List.of("q", "k", "v"), tokens, first, 1);
                    block(all, List.of("q", "k", "v"), targets, first, 1);
                    cross(all, tokens, targets);
                }
            }
        }
        if (shape.family().equals("bert")) {
            all.add(new Linear("pooler", hidden, hidden, shape.batch(), false, false));
            all.add(new Linear("classifier", hidden, shape.labels(), shape.batch(), false, false));
        } else {
            long read = shape.family().equals("t5") ? targets : tokens;
            all.add(new Linear("lm_head", hidden, shape.vocab(), read, false, false));
        }
        return all;
    }

    private void block(List<Linear> all, List<String> inputs, long rows, boolean first, int ins) {
        int hidden = shape.hidden();
        int inner = shape.heads() * shape.headWidth();
        inputs.forEach(name -> all.add(new Linear(name, hidden, inner, rows, true, first)));
        all.add(new Linear(inputs.get(0).replace('q', 'o'), inner, hidden, rows, true, false));
        for (int i = 0; i < ins; i++) {
            all.add(new Linear("in", hidden, shape.ffn(), rows, true, false));
        }
        all.add(new Linear("out", shape.ffn(), hidden, rows, true, false));
    }

    private void cross(List<Linear> all, long tokens, long targets) {
        int hidden = shape.hidden();
        int inner = shape.heads() * shape.headWidth();
        all.add(new Linear("q", hidden, inner, targets, true, false));
        all.add(new Linear("k", hidden, inner, tokens, true, false));
        all.add(new Linear("v", hidden, inner, tokens, true, false));
        all.add(new Linear("o", inner, hidden, targets, true, false));
    }
}
