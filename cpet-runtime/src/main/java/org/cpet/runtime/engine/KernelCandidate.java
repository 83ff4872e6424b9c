package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.Supplier;

/** A kernel on one product, and its best times so far. */
final class KernelCandidate {
    private static final int ROUNDS = 20;
    private static final int LEAST_ROUNDS = 5;
    private static final int HOPELESS = 8;
    private static final long CHEAP_NANOS = 10_000_000; // one slow run says little where runs are so short
    private static final double STEADY = 1.2;

    private final String kernel;
    private final TorchModule module;
    private final long products;
    private final double error;
    private final Supplier<NDArray> body;
    private long best = Long.MAX_VALUE;
    private long second = Long.MAX_VALUE;

    private KernelCandidate(String kernel, TorchModule module, long products, double error, Supplier<NDArray> body) {
        this.kernel = kernel;
        this.module = module;
        this.products = products;
        this.error = error;
        this.body = body;
    }

    /**
     * Runs the kernel once, for its error.
     *
     * @param products rows·in·out
     */
    static KernelCandidate of(
            String kernel, TorchModule module, long products, NDArray expected, Supplier<NDArray> body) {
        try (NDArray found = module.call("relative_error", body.get(), expected)) {
            return new KernelCandidate(kernel, module, products, found.getFloat(), body);
        }
    }

    /** Takes turns, so that whatever else the machine does slows all alike, and counts each one's best run. */
    static void race(List<KernelCandidate> entered, long budgetNanos) {
        long end = System.nanoTime() + budgetNanos;
        for (int round = 0; round < ROUNDS && (round < LEAST_ROUNDS || System.nanoTime() < end); round++) {
            double fastest = entered.stream()
                    .mapToDouble(KernelCandidate::nanosPerProduct)
                    .min()
                    .orElse(0);
            for (KernelCandidate candidate : entered) {
                if (round == 0 || candidate.best < CHEAP_NANOS || candidate.nanosPerProduct() < HOPELESS * fastest) {
                    candidate.run();
                }
            }
        }
    }

    private double nanosPerProduct() {
        return (double) best / products;
    }

    private void run() {
        long start = System.nanoTime();
        try (NDArray result = body.get();
                NDArray first = module.call("first", result)) {
            first.getFloat(); // a GPU answers when it has computed
        }
        long took = System.nanoTime() - start;
        second = Math.min(second, Math.max(best, took));
        best = Math.min(best, took);
    }

    /** Whether the best run was met twice, or the kernel was so slow that it ran but once. */
    boolean isSteady() {
        return second == Long.MAX_VALUE || second <= STEADY * best;
    }

    KernelProfile.Speed speed() {
        return new KernelProfile.Speed(kernel, 2.0 * products / best, error);
    }

    /** 2·rows·in·out in 1e9 a second; 0 for a kernel that was not measured. */
    static double gflops(List<KernelCandidate> measured, String kernel) {
        return measured.stream()
                .filter(candidate -> candidate.kernel.equals(kernel))
                .findFirst()
                .map(candidate -> candidate.speed().gflops())
                .orElse(0.0);
    }
}
