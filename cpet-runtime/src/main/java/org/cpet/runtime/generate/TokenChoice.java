package org.cpet.runtime.generate;

import java.util.random.RandomGenerator;

/** How the next token is chosen from logits [vocabulary]. */
public sealed interface TokenChoice permits TokenChoice.Greedy, Sampling {
    /** The most likely token, the first of equals. */
    TokenChoice GREEDY = new Greedy();

    /** The token's id; logits that are NaN never win. */
    int next(float[] logits, RandomGenerator random);

    /** Takes the largest logit. */
    record Greedy() implements TokenChoice {
        @Override
        public int next(float[] logits, RandomGenerator random) {
            int best = 0;
            for (int id = 1; id < logits.length; id++) {
                if (logits[id] > logits[best]) {
                    best = id;
                }
            }
            return best;
        }
    }
}
