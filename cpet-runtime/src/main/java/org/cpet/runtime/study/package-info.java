/**
 * Studies: many runs of one recipe with some of it changed, and what they show together. {@link
 * org.cpet.runtime.study.StudyReader} reads a study file and lays out its cells, {@link org.cpet.runtime.study.Study} runs
 * those that are not done yet, {@link org.cpet.runtime.study.StudyOutputs} writes tables and report. Knows runs by their
 * directories alone.
 */
@NullMarked
package org.cpet.runtime.study;

import org.jspecify.annotations.NullMarked;
