package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.Option;
import org.junit.jupiter.api.Test;

/** What every extension holds: a name, a description, and options that parse from their defaults. */
public interface ExtensionContract<F extends ExtensionFactory<?, O>, O extends Record> {
    /** The extension under test. */
    F factory();

    /** Values for keys, written as in a recipe; needed for keys without a default. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** The options the checks run with. */
    default O options() {
        return OptionTexts.bind(factory().optionsType(), settings());
    }

    @Test
    default void theNameIsOneARecipeCanWrite() {
        assertThat(factory().name())
                .matches("[a-z][a-z0-9_]*(/[a-z0-9][a-z0-9_]*)?")
                .hasSizeLessThanOrEqualTo(64);
    }

    @Test
    default void theDescriptionIsOneLine() {
        assertThat(factory().description()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
    }

    @Test
    default void everyOptionIsDescribed() {
        for (RecordComponent component : factory().optionsType().getRecordComponents()) {
            Option option = component.getAnnotation(Option.class);
            assertThat(option).as("@Option on %s", component.getName()).isNotNull();
            assertThat(option.description())
                    .as(component.getName())
                    .isNotBlank()
                    .doesNotContain("\n");
        }
    }

    @Test
    default void optionsParseFromTheirDefaults() {
        assertThat(options()).isNotNull();
        assertThat(options()).as("the same texts give equal options").isEqualTo(options());
    }
}
