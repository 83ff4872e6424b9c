/** What a recipe may say, for people and for editors: {@link org.cpet.runtime.describe.Listing} and {@link org.cpet.runtime.describe.RecipeSchema}. */
@NullMarked
package org.cpet.runtime.describe;

import org.jspecify.annotations.NullMarked;
