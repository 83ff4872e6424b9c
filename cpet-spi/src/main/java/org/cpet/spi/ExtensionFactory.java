package org.cpet.spi;

/**
 * The shape of every extension point. Each extension point has a sub-interface of its own, which is the service type
 * that {@link java.util.ServiceLoader} looks for ({@code CompressorFactory}, {@code PetMethodFactory}, ...).
 *
 * @param <T> what the factory makes
 * @param <O> its options; the record's components are the keys of a recipe
 */
public interface ExtensionFactory<T, O extends Record> {
    /** What a recipe writes after {@code type:}; {@code [a-z][a-z0-9_]*}, templates also with one {@code /}. */
    String name();

    /** One line for {@code cpet list}. */
    String description();

    /** The record that holds the options, each component annotated with {@link Option}. */
    Class<O> optionsType();

    /** Makes the extension; does no work and touches no tensor yet. */
    T create(O options, PluginContext context);
}
