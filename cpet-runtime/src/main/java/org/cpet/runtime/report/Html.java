package org.cpet.runtime.report;

import com.google.common.html.HtmlEscapers;

/** Text that is safe inside HTML and SVG. */
final class Html {
    private Html() {}

    static String escape(String text) {
        return HtmlEscapers.htmlEscaper().escape(text);
    }
}
