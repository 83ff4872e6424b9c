package org.cpet.spi;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of this SPI, which plugin jars state in the manifest as {@code Cpet-Spi-Version}. A plugin fits when the
 * major numbers agree and its minor number is not above the host's.
 */
public record SpiVersion(int major, int minor) {
    /** The version this runtime provides. */
    public static final SpiVersion CURRENT = new SpiVersion(1, 0);

    /** The manifest attribute. */
    public static final String MANIFEST_KEY = "Cpet-Spi-Version";

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

    /**
     * Reads {@code major.minor}.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static SpiVersion parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a version of the form major.minor: '" + text + "'");
        }
        return new SpiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Whether a plugin built for {@code plugin} runs on this version. */
    public boolean accepts(SpiVersion plugin) {
        return plugin.major == major && plugin.minor <= minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
