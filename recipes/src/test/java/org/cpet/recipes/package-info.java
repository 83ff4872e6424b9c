/** Tests of the recipes. */
@NullMarked
package org.cpet.recipes;

import org.jspecify.annotations.NullMarked;
