package org.cpet.spi.model;

/** The embeddings that a model's first block reads, of its encoder where it has one; soft prompts stand before them. */
public final class EmbeddingSite {
    private final String name;
    private final ModelTensor table;
    private final VirtualTokenSite<SoftPrompt> prompt;

    /** @param table [vocabulary, hidden] */
    public EmbeddingSite(String name, ModelTensor table) {
        this.name = name;
        this.table = table;
        this.prompt = new VirtualTokenSite<>(name);
    }

    /** Hugging Face's dotted name. */
    public String name() {
        return name;
    }

    /** The embeddings of the vocabulary, [vocabulary, hidden]. */
    public ModelTensor table() {
        return table;
    }

    /** What stands before a row's tokens. */
    public VirtualTokenSite<SoftPrompt> prompt() {
        return prompt;
    }
}
