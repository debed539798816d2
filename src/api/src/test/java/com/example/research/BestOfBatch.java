package com.example.research;

import ai.preceptor.policy.credit.Advantages;
import java.util.Arrays;

/** How far an answer stays behind the best one of the batch, whatever its prompt. */
record BestOfBatch(double scale) implements Advantages {
    @Override
    public String name() {
        return "best_of_batch_" + scale;
    }

    @Override
    public double[] of(double[] rewards, int[] groups) {
        if (rewards.length != groups.length) {
            throw new IllegalArgumentException("groups: " + groups.length + ", must be as many as rewards");
        }
        double best = Arrays.stream(rewards).filter(Double::isFinite).max().orElse(0);
        return Arrays.stream(rewards)
                .map(reward -> Double.isNaN(reward) ? 0 : scale * (reward - best))
                .toArray();
    }
}
