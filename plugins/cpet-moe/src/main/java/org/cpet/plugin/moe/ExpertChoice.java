package org.cpet.plugin.moe;

/**
 * How many of an FFN's experts a token computes.
 *
 * @param experts all of them, of one size
 * @param chosen for a token
 * @param masksAll whether what stands beside the layer in is masked, too
 */
record ExpertChoice(int experts, int chosen, boolean masksAll) {
    static ExpertChoice of(MoeficationOptions options) {
        return new ExpertChoice(options.experts(), options.chosen(), options.maskRecoveryWithExperts());
    }

    /** As tables show it. */
    String form() {
        return chosen + " of " + experts + " experts";
    }
}
