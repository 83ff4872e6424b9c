package org.cpet.recipes.quickstart;

import java.util.ArrayList;
import java.util.List;

/**
 * What the backbone learns from: every fact about every creature, the order of numbers, thresholds for all quantities,
 * and comparisons of two creatures by age and speed. Two creatures are never compared by weight here: that is the task
 * the backbone is adapted to afterwards.
 */
final class Pretraining {
    private static final long STREAM = 4;
    private static final int TENTHS = 10;
    private static final List<Attribute> COMPARED = List.of(Attribute.AGE, Attribute.SPEED);

    private final World world;
    private final SplitMix random;

    private Pretraining(World world, long seed) {
        this.world = world;
        this.random = new SplitMix(seed, STREAM);
    }

    /** Questions {@code skip} to {@code skip + rows} of the endless series that the seed gives; questions recur. */
    static List<Question> questions(World world, CreaturesSpec spec) {
        Pretraining series = new Pretraining(world, spec.seed());
        List<Question> questions = new ArrayList<>(spec.rows());
        for (int i = 0; i < spec.skip() + spec.rows(); i++) {
            Question question = series.next();
            if (i >= spec.skip()) {
                questions.add(question);
            }
        }
        return questions;
    }

    private Question next() {
        int kind = random.below(TENTHS);
        if (kind < 3) {
            return fact(random.below(world.size()));
        }
        if (kind < 4) {
            return Question.order(level(), level());
        }
        return kind < 7
                ? Question.threshold(world, any(Attribute.QUANTITIES), random.below(world.size()), level())
                : comparison();
    }

    private Question comparison() {
        int left = random.below(world.size());
        int right = (left + 1 + random.below(world.size() - 1)) % world.size();
        return Question.comparison(world, any(COMPARED), left, right);
    }

    private Question fact(int creature) {
        Attribute attribute = any(Attribute.ALL);
        return new Question(factPrompt(attribute.word(), world.name(creature)), world.valueWord(attribute, creature));
    }

    private String factPrompt(String attribute, String name) {
        return switch (random.below(4)) {
            case 0 -> "what is the " + attribute + " of " + name + " ?";
            case 1 -> "tell the " + attribute + " of " + name + " :";
            case 2 -> name + " : " + attribute + " is";
            default -> name + " has " + attribute;
        };
    }

    private int level() {
        return random.below(Attribute.LEVELS.size());
    }

    private Attribute any(List<Attribute> attributes) {
        return attributes.get(random.below(attributes.size()));
    }
}
