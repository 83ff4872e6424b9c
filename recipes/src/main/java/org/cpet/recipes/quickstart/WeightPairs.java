package org.cpet.recipes.quickstart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cpet.spi.InputException;

/**
 * The task: is one creature heavier than another? All pairs of different weight stand in one order that the seed gives,
 * each pair once and in one direction, so files that skip different numbers of them share no pair. Directions alternate:
 * half of the answers are yes.
 */
final class WeightPairs {
    private static final long STREAM = 5;

    private WeightPairs() {}

    /**
     * Pairs {@code skip} to {@code skip + rows}.
     *
     * @throws InputException when there are not so many
     */
    static List<Question> questions(World world, CreaturesSpec spec) {
        int[] pairs = unequal(world);
        if (spec.skip() + (long) spec.rows() > pairs.length) {
            throw new InputException(spec.file() + ": skip and rows; found " + spec.skip() + " and " + spec.rows()
                    + "; allowed together up to " + pairs.length + ", the pairs of different weight");
        }
        new SplitMix(spec.seed(), STREAM).shuffle(pairs);
        List<Question> questions = new ArrayList<>(spec.rows());
        for (int i = spec.skip(); i < spec.skip() + spec.rows(); i++) {
            int first = pairs[i] / world.size();
            int second = pairs[i] % world.size();
            boolean heavier = weight(world, first) > weight(world, second);
            boolean wanted = i % 2 == 0;
            questions.add(
                    heavier == wanted
                            ? Question.comparison(world, Attribute.WEIGHT, first, second)
                            : Question.comparison(world, Attribute.WEIGHT, second, first));
        }
        return questions;
    }

    private static int[] unequal(World world) {
        int[] pairs = new int[world.size() * (world.size() - 1) / 2];
        int count = 0;
        for (int first = 0; first < world.size(); first++) {
            for (int second = first + 1; second < world.size(); second++) {
                if (weight(world, first) != weight(world, second)) {
                    pairs[count++] = first * world.size() + second;
                }
            }
        }
        return Arrays.copyOf(pairs, count);
    }

    private static int weight(World world, int creature) {
        return world.value(Attribute.WEIGHT, creature);
    }
}
