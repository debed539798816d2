package ai.preceptor.train.toy;

import ai.preceptor.data.Demonstration;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Objective;
import java.util.Map;

/**
 * Likelihood held near the reference: {@code L = sum(-logp + pull / 2 (logp - ref)^2) / tokens of the step}. Without a
 * pull it needs no reference and is the plain negative log-likelihood.
 */
public record ToyObjective(double pull) implements Objective<Demonstration> {

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public void pack(Demonstration row, PromptEncoder encoder, PackedBatch.Builder into) {
        into.prompt(encoder.prompt(row.prompt()));
        into.completion(encoder.completion(row.prompt(), row.completion()));
    }

    @Override
    public int completions(Demonstration row) {
        return 1;
    }

    @Override
    public boolean needsReference() {
        return pull > 0;
    }

    @Override
    public LossReport evaluate(LossInputs<Demonstration> in) {
        int tokens = in.step().tokens();
        float[] logprobs = in.logprobs();
        float[] gradient = new float[logprobs.length];
        double loss = 0;
        double likelihood = 0;
        for (int i = 0; i < logprobs.length; i++) {
            double away = pull > 0 ? logprobs[i] - in.requireReference()[i] : 0;
            loss += (-logprobs[i] + pull / 2 * away * away) / tokens;
            gradient[i] = (float) ((-1 + pull * away) / tokens);
            likelihood += logprobs[i];
        }
        return new LossReport(loss, gradient, Map.of("logps/mean", Metric.mean(likelihood, logprobs.length)));
    }
}
