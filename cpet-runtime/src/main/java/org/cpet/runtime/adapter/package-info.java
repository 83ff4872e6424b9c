/** What {@code cpet adapter} does with adapters after training: smaller, dense again, merged. */
@NullMarked
package org.cpet.runtime.adapter;

import org.jspecify.annotations.NullMarked;
