package com.example.research;

import ai.preceptor.ranking.unpaired.LabeledAnswer;
import ai.preceptor.ranking.unpaired.UnpairedLoss;
import ai.preceptor.ranking.unpaired.UnpairedTerm;

/** Minus the summed log-probability of a desirable answer, plus that of an undesirable one: an unpaired loss of one's own. */
record LabelLikelihood() implements UnpairedLoss {
    @Override
    public String name() {
        return "label_likelihood";
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public double reward(LabeledAnswer answer) {
        return answer.logp();
    }

    @Override
    public UnpairedTerm term(LabeledAnswer answer, double baseline) {
        double sign = answer.desirable() ? -1 : 1;
        return new UnpairedTerm(sign * answer.logp(), sign);
    }
}
