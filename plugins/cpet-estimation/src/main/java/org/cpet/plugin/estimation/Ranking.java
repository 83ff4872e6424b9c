package org.cpet.plugin.estimation;

/** Over what neurons compete. */
public enum Ranking {
    /** Each layer loses the same share. */
    LAYER,
    /** All layers together lose the share; each keeps at least one. */
    GLOBAL
}
