/** Text to token ids and back, by a model's own {@code tokenizer.json}; start with {@link Tokenizer}. */
@NullMarked
package org.cpet.runtime.text;

import org.jspecify.annotations.NullMarked;
