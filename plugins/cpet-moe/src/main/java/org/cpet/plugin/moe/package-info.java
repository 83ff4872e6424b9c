/**
 * Experts in feed-forward layers: {@code moefication} splits the neurons of an FFN into experts and computes those a
 * router chooses for each token, {@code relufication} gives other FFNs the ReLU that it needs. Starts at {@link
 * org.cpet.plugin.moe.Moefication}; the arithmetic is in {@link org.cpet.plugin.moe.ExpertFeedForward}.
 */
@NullMarked
package org.cpet.plugin.moe;

import org.jspecify.annotations.NullMarked;
