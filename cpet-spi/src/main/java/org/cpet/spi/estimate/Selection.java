package org.cpet.spi.estimate;

import java.util.Map;

/**
 * What an estimation found worth keeping, as ascending original indices; a block that is not listed keeps everything.
 *
 * @param groups key/value heads by attention
 * @param units neurons by FFN
 * @param ranks ranks by PET module; a module that is not listed goes
 */
public record Selection(Map<String, int[]> groups, Map<String, int[]> units, Map<String, int[]> ranks) {}
