package org.cpet.plugin.models.bert;

/** What differs between the two members of the family. */
enum BertVariant {
    /** Positions count from 0; the head reads a pooler. */
    BERT("bert", 30522, 2, 1e-12, 0),
    /** Positions count real tokens from {@code pad_token_id + 1}; the head has a dense layer of its own. */
    ROBERTA("roberta", 50265, 1, 1e-5, 1);

    private final String modelType;
    private final int vocabulary;
    private final int tokenTypes;
    private final double epsilon;
    private final int padId;

    BertVariant(String modelType, int vocabulary, int tokenTypes, double epsilon, int padId) {
        this.modelType = modelType;
        this.vocabulary = vocabulary;
        this.tokenTypes = tokenTypes;
        this.epsilon = epsilon;
        this.padId = padId;
    }

    /** {@code model_type} in a config. */
    String modelType() {
        return modelType;
    }

    /** What the names of the encoder's modules start with. */
    String prefix() {
        return modelType + ".";
    }

    /** The architecture that has a classification head. */
    String classifierArchitecture() {
        return this == BERT ? "BertForSequenceClassification" : "RobertaForSequenceClassification";
    }

    int defaultVocabulary() {
        return vocabulary;
    }

    int defaultTokenTypes() {
        return tokenTypes;
    }

    double defaultEpsilon() {
        return epsilon;
    }

    int defaultPadId() {
        return padId;
    }
}
