package org.cpet.recipes.quickstart;

/** A prompt and the one word that completes it. */
record Question(String prompt, String completion) {
    /** Whether {@code left} is more than {@code right}; both are creatures. */
    static Question comparison(World world, Attribute quantity, int left, int right) {
        return new Question(
                "is " + quantity.word() + " of " + world.name(left) + " more than " + world.name(right) + " ?",
                yesNo(world.value(quantity, left) > world.value(quantity, right)));
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
