/**
 * Recipes as text and options as records. {@link org.cpet.runtime.config.RecipeReader} turns YAML, a string or a map
 * into a {@link org.cpet.runtime.config.ConfigTree} that knows the place of every key and value and the text as
 * written; {@link org.cpet.runtime.config.OptionsBinder} binds its sections to option records; {@link
 * org.cpet.runtime.config.Problems} collects everything that is wrong and reports it together.
 */
@NullMarked
package org.cpet.runtime.config;

import org.jspecify.annotations.NullMarked;
