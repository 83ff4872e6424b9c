package org.cpet.spi.tensor;

/**
 * Hyper-parameters of AdamW.
 *
 * @param learningRate the rate of this step
 * @param weightDecay decoupled: p ← p − lr·wd·p before the Adam step
 */
public record AdamWSettings(double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
    /** β = (0.9, 0.999), ε = 1e-8. */
    public static AdamWSettings of(double learningRate, double weightDecay) {
        return new AdamWSettings(learningRate, 0.9, 0.999, 1e-8, weightDecay);
    }
}
