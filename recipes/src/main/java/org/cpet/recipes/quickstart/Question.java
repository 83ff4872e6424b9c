package org.cpet.recipes.quickstart;

/** A prompt and the one word that completes it. */
record Question(String prompt, String completion) {
    /** Whether {@code left} is more than {@code right}; both are creatures. */
    static Question comparison(World world, Attribute quantity, int left, int right) {
        return new Question(
                "is " + quantity.word() + " of " + world.name(left) + " more than " + world.name(right) + " ?",
                yesNo(world.value(quantity, left) > world.value(quantity, right)));
    }

    /** Whether two creatures have the same. */
    static Question same(World world, Attribute attribute, int left, int right) {
        return new Question(
                "is " + attribute.word() + " of " + world.name(left) + " the " + attribute.word() + " of "
                        + world.name(right) + " ?",
                yesNo(world.value(attribute, left) == world.value(attribute, right)));
    }

    /** Whether a creature has more than a level. */
    static Question threshold(World world, Attribute quantity, int creature, int level) {
        return new Question(
                "is " + quantity.word() + " of " + world.name(creature) + " more than " + Attribute.LEVELS.get(level)
                        + " ?",
                yesNo(world.value(quantity, creature) > level));
    }

    /** Whether a number is more than another. */
    static Question order(int left, int right) {
        return new Question(
                "is " + Attribute.LEVELS.get(left) + " more than " + Attribute.LEVELS.get(right) + " ?",
                yesNo(left > right));
    }

    private static String yesNo(boolean yes) {
        return yes ? "yes" : "no";
    }
}
