/** Serial adapters: {@link org.cpet.plugin.pet.adapter.Adapter}. Depends on the SPI alone. */
@NullMarked
package org.cpet.plugin.pet.adapter;

import org.jspecify.annotations.NullMarked;
