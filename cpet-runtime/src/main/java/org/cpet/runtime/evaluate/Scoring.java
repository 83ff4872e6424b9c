package org.cpet.runtime.evaluate;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TransformerModel;

/** How a model's outputs answer a batch. One transfer from the device for a batch. */
interface Scoring {
    /** The answers to the rows, in their order. */
    List<Scored> score(TransformerModel model, List<EncodedRow> rows, ForwardMode mode);

    /** The logits that decide: [rows, classes], or [rows, vocabulary] of the first token of the answer. */
    NDArray decisive(TransformerModel model, List<EncodedRow> rows, ForwardMode mode);
}
