/**
 * Adapters: small networks y ↦ U σ(D y) behind layers or beside blocks of a frozen model. Depends on the SPI alone.
 */
@NullMarked
package org.cpet.plugin.pet.bottleneck;

import org.jspecify.annotations.NullMarked;
