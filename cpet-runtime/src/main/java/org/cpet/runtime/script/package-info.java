/** What scripts ask of one model and one file of tensors: {@code forward} and {@code trace}, to be checked against other frameworks. */
@NullMarked
package org.cpet.runtime.script;

import org.jspecify.annotations.NullMarked;
