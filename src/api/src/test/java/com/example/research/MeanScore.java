package com.example.research;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.group.GroupLossResult;
import java.util.List;
import java.util.Map;

/** Minus the log-probabilities of a group's answers, weighed by their scores. */
record MeanScore() implements GroupLoss {
    @Override
    public String name() {
        return "mean_score";
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public GroupLossResult evaluate(List<RankedAnswer> answers) {
        double[] gradient =
                answers.stream().mapToDouble(answer -> -answer.score()).toArray();
        double[] rewards = answers.stream().mapToDouble(RankedAnswer::logp).toArray();
        double loss = 0;
        for (int i = 0; i < rewards.length; i++) {
            loss += gradient[i] * rewards[i];
        }
        return new GroupLossResult(loss, gradient, rewards, Map.of());
    }
}
