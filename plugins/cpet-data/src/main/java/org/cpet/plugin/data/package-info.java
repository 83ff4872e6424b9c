/** Dataset readers ({@code jsonl}, {@code tsv}, {@code csv}), GLUE templates, and metrics. Depends on the SPI alone. */
@NullMarked
package org.cpet.plugin.data;

import org.jspecify.annotations.NullMarked;
