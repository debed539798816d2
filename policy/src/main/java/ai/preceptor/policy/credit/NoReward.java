package ai.preceptor.policy.credit;

import java.util.ArrayList;
import java.util.List;

/** Advantages of 0, whatever the scores: only a teacher of distillation adds something. */
public record NoReward() implements CreditAssignment {
    @Override
    public Credit assign(ScoredAnswers batch) {
        List<double[]> zeros = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            zeros.add(new double[batch.length(i)]);
        }
        return new Credit(zeros);
    }

    @Override
    public String name() {
        return "none";
    }

    @Override
    public int fewestScored() {
        return 1;
    }
}
