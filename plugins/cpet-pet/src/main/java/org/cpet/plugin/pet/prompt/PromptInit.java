package org.cpet.plugin.pet.prompt;

/** What a soft prompt starts from. */
public enum PromptInit {
    /** Embeddings of tokens drawn from the vocabulary. */
    VOCABULARY,
    /** Embeddings of a text's tokens, repeated as often as needed. */
    TEXT,
    /** Uniform in ±0.5. */
    RANDOM
}
