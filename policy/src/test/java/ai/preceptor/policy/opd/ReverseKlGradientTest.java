package ai.preceptor.policy.opd;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.DistributionComparison;
import ai.preceptor.lm.DistributionPass;
import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.policy.loss.SampledTokens;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the policy gradient of a sampled token estimates: summed over all next tokens, each as often as the policy draws it, it
 * is the gradient of the reverse KL that {@code distill} computes over the whole vocabulary.
 */
class ReverseKlGradientTest {
    private static final int[] CONTEXT = {1, 40, 77, 300, 12, 9, 250, 511, 33};

    @ParameterizedTest
    @ValueSource(doubles = {1, 2})
    void gradientOverAllNextTokens_isTheReverseKls(double temperature) {
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel student = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.TRAINED);
                LanguageModel teacher = LanguageModel.load(torch, Golden.dir("tiny-teacher"), LoadOptions.FROZEN)) {
            PackedBatch every = batch(student.config().vocabSize());
            float[] theirs = teacher.logprobs(every, temperature);
            try (ForwardPass pass = student.forward(every, Set.of(), temperature)) {
                pass.backward(policyGradient(pass.outputs(), theirs));
            }
            List<float[]> policy = gradients(student);
            student.parameters().clearGradients();
            PackedBatch one = batch(1);
            DivergenceTerm reverse = new DivergenceTerm(DivergenceKind.REVERSE_KL, 0, 1);
            try (TeacherDistributions whole = teacher.teach(one);
                    DistributionPass pass = student.distributions(one, true)) {
                pass.compareAndBackward(
                        whole,
                        new DistributionComparison(List.of(reverse), temperature, DistributionComparison.DEFAULT_CHUNK),
                        new float[] {1},
                        new float[0]);
            }
            List<float[]> distilled = gradients(student);
            double largest = distilled.stream()
                    .flatMap(block -> Stream.of(max(block)))
                    .mapToDouble(x -> x)
                    .max()
                    .orElse(0);
            assertThat(largest).as("there is something to compare").isGreaterThan(0.01);
            for (int block = 0; block < policy.size(); block++) {
                float[] difference = policy.get(block).clone();
                for (int i = 0; i < difference.length; i++) {
                    difference[i] -= distilled.get(block)[i];
                }
                assertThat(max(difference)).as("block %d", block).isLessThan(1e-5);
            }
        }
    }

    /** The context with every token as its next one. */
    private static PackedBatch batch(int tokens) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(CONTEXT);
        for (int token = 0; token < tokens; token++) {
            builder.completion(new int[] {token});
        }
        return builder.build();
    }

    private static float[] policyGradient(float[] logps, float[] teacher) {
        OnPolicyDistillation distillation = new OnPolicyDistillation(1, 0, null);
        PolicyLoss loss = PolicyLossType.DAPO.loss(ClipSettings.builder().build(), KlPenalty.none(), 1);
        float[] gradient = new float[logps.length];
        for (int token = 0; token < logps.length; token++) {
            float[] own = {logps[token]};
            double[] advantages =
                    distillation.of(own, new float[] {teacher[token]}).terms();
            double slope = loss.evaluate(new SampledTokens(own, own, null, advantages), new Totals(1, 1))
                    .gradient()[0];
            gradient[token] = (float) (Math.exp(logps[token]) * slope);
        }
        return gradient;
    }

    private static List<float[]> gradients(LanguageModel model) {
        List<float[]> all = new ArrayList<>();
        for (Parameter block : model.parameters().trained()) {
            all.add(block.gradient().toFloatArray());
        }
        return all;
    }

    private static double max(float[] numbers) {
        double most = 0;
        for (float number : numbers) {
            most = Math.max(most, Math.abs(number));
        }
        return most;
    }
}
