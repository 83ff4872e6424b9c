/** A recipe, typed: one record per section, in the paper's order. Every key's default and description stands here. */
@NullMarked
package org.cpet.runtime.recipe;

import org.jspecify.annotations.NullMarked;
