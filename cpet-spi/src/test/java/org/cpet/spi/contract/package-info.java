/**
 * What every plugin must hold, as JUnit interfaces whose default methods are the tests. A plugin author implements one
 * of them in one line, for example {@code class LoraContractTest implements PetMethodContract<LoraOptions>}; the tensor
 * operations come by {@link java.util.ServiceLoader} from {@code cpet-runtime} in test scope.
 */
@NullMarked
package org.cpet.spi.contract;

import org.jspecify.annotations.NullMarked;
