/**
 * Many adapters beside each other on one model: {@link org.cpet.runtime.serve.AdapterRack} switches between them and mixes
 * them within a batch.
 */
@NullMarked
package org.cpet.runtime.serve;

import org.jspecify.annotations.NullMarked;
