/** The model families against golden files. */
@NullMarked
package org.cpet.plugin.models;

import org.jspecify.annotations.NullMarked;
