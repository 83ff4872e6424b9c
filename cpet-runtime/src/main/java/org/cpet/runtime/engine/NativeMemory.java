package org.cpet.runtime.engine;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/**
 * Memory that libtorch has freed but the C library keeps. While a model trains, keeping it is what makes steps fast: the
 * next step asks for the same sizes again, and fresh pages cost more than what is done with them. Between two parts of a
 * run it is given back to the system.
 */
public final class NativeMemory {
    private NativeMemory() {}

    /** Gives all free pages back, where the C library is one that can. */
    public static void giveBack() {
        if (Platform.isLinux()) {
            try {
                Function.getFunction("c", "malloc_trim").invokeInt(new Object[] {0});
            } catch (UnsatisfiedLinkError e) {
                return; // not glibc: then nothing is held back as glibc does
            }
        }
    }
}
