package org.cpet.plugin.estimation;

/** How the first-order terms w · ∂w of a rank become one number. */
public enum Importance {
    /** |mean(w · ∂w)|: the published code; terms of opposite sign cancel. */
    MEAN_THEN_ABS,
    /** mean(|w · ∂w|). */
    ABS_THEN_MEAN
}
