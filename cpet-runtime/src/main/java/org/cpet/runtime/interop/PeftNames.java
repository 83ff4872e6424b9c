package org.cpet.runtime.interop;

import java.util.Set;

/**
 * PEFT's names of tensors: {@code base_model.model.<tensor>}. A file of virtual tokens is different: their tensor stands by
 * itself, and the classifier is {@code base_model.<tensor>}.
 */
public final class PeftNames {
    private static final String WRAPPED = "base_model.model.";
    private static final String BARE = "base_model.";
    private static final String VIRTUAL_TOKENS = "prompt_embeddings";

    private PeftNames() {}

    /** What the name of a tensor starts with in a file that holds all of {@code names}. */
    static String allowed(Set<String> keys) {
        return keys.contains(VIRTUAL_TOKENS) ? BARE : WRAPPED;
    }

    /** Whether PEFT would use this key in such a file. */
    static boolean fits(String key, Set<String> keys) {
        return key.equals(VIRTUAL_TOKENS) || key.startsWith(allowed(keys));
    }

    /** The name in a file beside other tensors. */
    public static String key(String name, Set<String> names) {
        return name.equals(VIRTUAL_TOKENS) ? name : allowed(names) + name;
    }

    /** The tensor's own name. */
    public static String name(String key) {
        if (key.startsWith(WRAPPED)) {
            return key.substring(WRAPPED.length());
        }
        return key.startsWith(BARE) ? key.substring(BARE.length()) : key;
    }
}
