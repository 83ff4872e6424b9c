/**
 * The safetensors format, read and written without the tensor engine: eight bytes of header length, a JSON header, the
 * tensors' bytes. Headers come from files nobody has vetted, so everything is checked before anything is allocated or
 * mapped; plans and listings read headers only.
 */
@NullMarked
package org.cpet.runtime.engine.safetensors;

import org.jspecify.annotations.NullMarked;
