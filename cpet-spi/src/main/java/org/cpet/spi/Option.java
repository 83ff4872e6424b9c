package org.cpet.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares one key of a recipe on a record component: the single source of truth for binding, error messages, the JSON
 * schema, {@code cpet list} and the documentation.
 *
 * <p>The key is the component's name in snake_case. Component types: {@code int}, {@code long}, {@code double}, {@code
 * boolean}, {@code String}, {@link java.nio.file.Path}, enums (written in lower case), nested option records, {@code
 * List} of these, and {@code Optional} of these for keys that may be left out.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
    /** Marks a key that a recipe must give. */
    String REQUIRED = "\0required";

    /** One line for people: what the key does and its unit. */
    String description();

    /** The default as it would be written in YAML; an {@code Optional} component needs none and is empty without a value. */
    String defaultValue() default REQUIRED;

    /** The smallest number allowed, inclusive. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The largest number allowed, inclusive. */
    double max() default Double.POSITIVE_INFINITY;

    /** True when {@link #min()} itself is not allowed. */
    boolean aboveMin() default false;

    /** True when {@link #max()} itself is not allowed. */
    boolean belowMax() default false;

    /** The texts allowed, for a {@code String} component; empty allows any. */
    String[] allowed() default {};
}
