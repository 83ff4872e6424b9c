/**
 * BERT and RoBERTa: a bidirectional encoder with a classification head, or without one. {@link
 * org.cpet.plugin.models.bert.BertFamily} is the entry. Depends on the SPI and the shared blocks.
 */
@NullMarked
package org.cpet.plugin.models.bert;

import org.jspecify.annotations.NullMarked;
