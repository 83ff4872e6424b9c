package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.Option;
import org.cpet.spi.OptionException;
import org.cpet.spi.Options;
import org.cpet.spi.PluginContext;
import org.junit.jupiter.api.Test;

/** Extensions that are wrong on purpose, and the check that notices each. */
class ExtensionContractTest {
    enum Colour {
        DARK_RED,
        BLUE
    }

    record Inner(
            @Option(description = "share", defaultValue = "0.5", min = 0, max = 1)
            double share) {}

    record Everything(
            @Option(description = "a count", defaultValue = "3", min = 1)
            int count,

            @Option(description = "a long count", defaultValue = "4000000000")
            long longCount,

            @Option(description = "a flag", defaultValue = "true")
            boolean flag,

            @Option(description = "a text", defaultValue = "\"2:4\"")
            String text,

            @Option(description = "a place", defaultValue = "a/b")
            Path path,

            @Option(description = "a colour", defaultValue = "dark_red")
            Colour colour,

            @Option(description = "names", defaultValue = "[q, v]")
            List<String> names,

            @Option(description = "nested", defaultValue = "{share: 0.25}")
            Inner inner,

            @Option(description = "many nested", defaultValue = "[{share: 0.1}, {}]")
            List<Inner> inners,

            @Option(description = "may be absent") Optional<Integer> absent,

            @Option(description = "may be given", defaultValue = "7")
            Optional<Integer> given) {}

    record NoDefault(@Option(description = "needed") int needed) {}

    record WordForANumber(
            @Option(description = "a number", defaultValue = "eight")
            int rank) {}

    record OutOfRange(
            @Option(description = "a number", defaultValue = "0", min = 0, aboveMin = true)
            double rate) {}

    record NotAnnotated(int rank) {}

    record RefusesItsDefault(
            @Option(description = "a number", defaultValue = "3")
            int even) {
        RefusesItsDefault {
            Options.check(even % 2 == 0, "even must be even, was %s", even);
        }
    }

    @Test
    void everyKindOfOptionParses() {
        assertThat(OptionTexts.bind(Everything.class, Map.of("count", "9")))
                .isEqualTo(new Everything(
                        9,
                        4_000_000_000L,
                        true,
                        "2:4",
                        Path.of("a/b"),
                        Colour.DARK_RED,
                        List.of("q", "v"),
                        new Inner(0.25),
                        List.of(new Inner(0.1), new Inner(0.5)),
                        Optional.empty(),
                        Optional.of(7)));
        assertThat(OptionTexts.keys(Everything.class)).contains("long_count");
    }

    @Test
    void noticesANameThatNoRecipeCanWrite() {
        assertThatThrownBy(extension("Broken-Name", "fine", Inner.class)::theNameIsOneARecipeCanWrite)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Broken-Name");
    }

    @Test
    void noticesADescriptionOfSeveralLines() {
        assertThatThrownBy(extension("broken", "one\ntwo", Inner.class)::theDescriptionIsOneLine)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void noticesAnOptionThatIsNotDeclared() {
        assertThatThrownBy(extension("broken", "fine", NotAnnotated.class)::everyOptionIsDescribed)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("@Option on rank");
        refuses(NotAnnotated.class, "NotAnnotated.rank is not annotated with @Option");
    }

    @Test
    void noticesDefaultsThatDoNotParse() {
        refuses(WordForANumber.class, "WordForANumber.rank: 'eight' does not parse: For input string: \"eight\"");
        refuses(OutOfRange.class, "OutOfRange.rate: '0' does not parse: outside 0.0 to Infinity");
        refuses(NoDefault.class, "NoDefault.needed has no default; give it a value in settings()");
    }

    @Test
    void noticesDefaultsThatTheRecordRefuses() {
        assertThatThrownBy(extension("broken", "fine", RefusesItsDefault.class)::optionsParseFromTheirDefaults)
                .isInstanceOf(OptionException.class)
                .hasMessage("even must be even, was 3");
    }

    @Test
    void aSettingMustNameAKey() {
        assertThatThrownBy(() -> OptionTexts.bind(Inner.class, Map.of("shore", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Inner has no key shore");
    }

    private static void refuses(Class<? extends Record> options, String message) {
        assertThatThrownBy(extension("broken", "fine", options)::optionsParseFromTheirDefaults)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static <O extends Record> ExtensionContract<ExtensionFactory<String, O>, O> extension(
            String name, String description, Class<O> options) {
        ExtensionFactory<String, O> factory = new ExtensionFactory<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String description() {
                return description;
            }

            @Override
            public Class<O> optionsType() {
                return options;
            }

            @Override
            public String create(O given, PluginContext context) {
                return name;
            }
        };
        return () -> factory;
    }
}
