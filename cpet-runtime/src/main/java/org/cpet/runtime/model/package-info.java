/**
 * Model directories: {@link org.cpet.runtime.model.ModelDirectory} reads config and headers without the engine, {@link
 * org.cpet.runtime.model.ModelLoader} makes the model, {@link org.cpet.runtime.model.ModelWriter} writes one.
 */
@NullMarked
package org.cpet.runtime.model;

import org.jspecify.annotations.NullMarked;
