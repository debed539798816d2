package com.example.research;

import ai.preceptor.ranking.pair.AnswerPair;
import ai.preceptor.ranking.pair.PairLoss;
import ai.preceptor.ranking.pair.PairTerm;
import java.util.List;
import java.util.Map;

/** Minus the difference of the answers' log-probabilities, or of their log-ratios to the reference. */
record LinearMargin(String name, boolean needsReference) implements PairLoss {
    @Override
    public List<PairTerm> terms(List<AnswerPair> pairs) {
        return pairs.stream().map(this::term).toList();
    }

    private PairTerm term(AnswerPair pair) {
        double chosen =
                needsReference ? pair.chosen().logratio() : pair.chosen().logp();
        double rejected =
                needsReference ? pair.rejected().logratio() : pair.rejected().logp();
        double weight = pair.weight();
        return new PairTerm(weight * (rejected - chosen), -weight, weight, chosen, rejected, Map.of());
    }
}
