/** Transformers as lists of named sites, the places where surgery is allowed. */
@NullMarked
package org.cpet.spi.model;

import org.jspecify.annotations.NullMarked;
