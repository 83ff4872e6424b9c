package org.cpet.plugin.pet.parallel;

/** A kind of block in a transformer layer. */
public enum AdapterBlock {
    ATTENTION,
    FFN
}
