/**
 * Four tiny methods to copy: the compressor {@link org.cpet.plugin.example.Rounding}, the PET method {@link
 * org.cpet.plugin.example.Shift}, the recovery method {@link org.cpet.plugin.example.Diagonal} and the distillation loss
 * {@link org.cpet.plugin.example.LogitsL1}. Each has its options (a record), its maths, and a factory that a service file
 * names. Comments here are for authors of plugins; docs/writing-a-plugin.md walks through the same files.
 */
@NullMarked // nothing in this package is null unless @Nullable says so
package org.cpet.plugin.example;

import org.jspecify.annotations.NullMarked;
