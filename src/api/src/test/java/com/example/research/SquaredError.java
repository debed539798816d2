package com.example.research;

import ai.preceptor.reward.RankedRewardLoss;
import java.util.List;

/** Regression on the teacher's scores. */
record SquaredError() implements RankedRewardLoss {
    @Override
    public String name() {
        return "squared_error";
    }

    @Override
    public Term evaluate(double[] rewards, List<Double> scores) {
        RankedRewardLoss.requireScores(rewards, scores);
        double loss = 0;
        double[] slopes = new double[rewards.length];
        for (int i = 0; i < rewards.length; i++) {
            double off = rewards[i] - scores.get(i);
            loss += off * off;
            slopes[i] = 2 * off;
        }
        return new Term(loss, slopes);
    }
}
