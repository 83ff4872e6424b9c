package org.cpet.recipes.quickstart;

import java.util.List;

/**
 * Something that is known of every creature.
 *
 * @param word as questions write it
 * @param values the words of its values; those of a quantity from the least to the most
 */
record Attribute(String word, List<String> values) {
    static final List<String> LEVELS =
            List.of("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    static final Attribute WEIGHT = new Attribute("weight", LEVELS);
    static final Attribute AGE = new Attribute("age", LEVELS);
    static final Attribute SPEED = new Attribute("speed", LEVELS);
    static final Attribute HOME =
            new Attribute("home", List.of("river", "forest", "desert", "swamp", "meadow", "cliff", "cave", "shore"));
    static final Attribute FOOD = new Attribute(
            "food", List.of("moss", "berries", "beetles", "trout", "acorns", "honey", "clover", "shrimp"));

    /** What a creature has more or less of. */
    static final List<Attribute> QUANTITIES = List.of(WEIGHT, AGE, SPEED);

    static final List<Attribute> ALL = List.of(WEIGHT, AGE, SPEED, HOME, FOOD);
}
