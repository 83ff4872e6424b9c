/**
 * What a recipe would do, without doing it. {@link org.cpet.runtime.plan.RecipePlan} reads configs, headers and data
 * rows, never weights; {@link org.cpet.runtime.plan.PlanReport} holds the outcome for people and for scripts.
 */
@NullMarked
package org.cpet.runtime.plan;

import org.jspecify.annotations.NullMarked;
