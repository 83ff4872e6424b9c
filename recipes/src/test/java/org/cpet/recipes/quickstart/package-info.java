/** Tests of the quickstart's world. */
@NullMarked
package org.cpet.recipes.quickstart;

import org.jspecify.annotations.NullMarked;
