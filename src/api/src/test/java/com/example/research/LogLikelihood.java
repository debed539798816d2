package com.example.research;

import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyTerm;
import ai.preceptor.policy.loss.SampledTokens;
import ai.preceptor.train.Totals;

/** REINFORCE without a ratio: minus advantage times log-probability, mean over the step's tokens. */
record LogLikelihood() implements PolicyLoss {
    @Override
    public String name() {
        return "log_likelihood";
    }

    @Override
    public PolicyTerm evaluate(SampledTokens answer, Totals step) {
        double[] gradient = new double[answer.length()];
        double loss = 0;
        for (int t = 0; t < gradient.length; t++) {
            gradient[t] = -answer.weights()[t] * answer.advantages()[t] / step.tokens();
            loss += gradient[t] * answer.logps()[t];
        }
        return new PolicyTerm(loss, gradient, 0, 0, Double.NaN);
    }
}
