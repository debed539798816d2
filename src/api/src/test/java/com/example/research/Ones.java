package com.example.research;

import ai.preceptor.policy.credit.Advantages;
import java.util.Arrays;

/** Every answer as good as any other. */
record Ones() implements Advantages {
    @Override
    public String name() {
        return "ones";
    }

    @Override
    public double[] of(double[] rewards, int[] groups) {
        return Arrays.stream(rewards)
                .map(reward -> Double.isNaN(reward) ? 0 : 1)
                .toArray();
    }
}
