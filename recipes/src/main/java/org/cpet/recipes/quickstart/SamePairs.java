package org.cpet.recipes.quickstart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cpet.spi.InputException;

/**
 * Tasks beside that of the quickstart: have two creatures the same home, food, age, ...? Pairs that have and pairs that have
 * not stand in one order each that the seed gives, and questions take from them in turns, each pair once: files that skip
 * different numbers of them share no pair, and half of the answers are yes.
 */
final class SamePairs {
    private static final long ALIKE = 6;
    private static final long UNLIKE = 7;

    private SamePairs() {}

    /**
     * Questions {@code skip} to {@code skip + rows}.
     *
     * @throws InputException when there are not so many
     */
    static List<Question> questions(World world, CreaturesSpec spec) {
        Attribute attribute = spec.attribute().orElseThrow();
        int[] alike = pairs(world, attribute, true);
        int[] unlike = pairs(world, attribute, false);
        int most = 2 * Math.min(alike.length, unlike.length);
        if (spec.skip() + (long) spec.rows() > most) {
            throw new InputException(spec.file() + ": skip and rows; found " + spec.skip() + " and " + spec.rows()
                    + "; allowed together up to " + most + ", twice the pairs of one " + attribute.word());
        }
        new SplitMix(spec.seed(), ALIKE).shuffle(alike);
        new SplitMix(spec.seed(), UNLIKE).shuffle(unlike);
        List<Question> questions = new ArrayList<>(spec.rows());
        for (int i = spec.skip(); i < spec.skip() + spec.rows(); i++) {
            int pair = (i % 2 == 0 ? alike : unlike)[i / 2];
            questions.add(Question.same(world, attribute, pair / world.size(), pair % world.size()));
        }
        return questions;
    }

    private static int[] pairs(World world, Attribute attribute, boolean same) {
        int[] pairs = new int[world.size() * (world.size() - 1) / 2];
        int count = 0;
        for (int first = 0; first < world.size(); first++) {
            for (int second = first + 1; second < world.size(); second++) {
                if ((world.value(attribute, first) == world.value(attribute, second)) == same) {
                    pairs[count++] = first * world.size() + second;
                }
            }
        }
        return Arrays.copyOf(pairs, count);
    }
}
