/** What a recipe would do, from headers alone: {@link org.cpet.runtime.plan.RecipePlan} finds what does not fit, {@link org.cpet.runtime.plan.PlanReport} shows the rest. */
@NullMarked
package org.cpet.runtime.plan;

import org.jspecify.annotations.NullMarked;
