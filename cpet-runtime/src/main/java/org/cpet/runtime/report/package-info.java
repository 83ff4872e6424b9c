/** What people look at after a run: the table on the terminal and {@code report.html}, one self-contained file. */
@NullMarked
package org.cpet.runtime.report;

import org.jspecify.annotations.NullMarked;
