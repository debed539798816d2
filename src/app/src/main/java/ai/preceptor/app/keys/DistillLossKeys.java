package ai.preceptor.app.keys;

import ai.preceptor.app.config.Checked;
import ai.preceptor.app.config.Checks;
import ai.preceptor.app.config.Key;
import ai.preceptor.distill.DistillationLoss;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code distill} trains towards. */
public record DistillLossKeys(
        @Key(
                help = "what is minimized at each learnt token; several add up, sft is the row's own token",
                standard = "jsd")
        List<DistillLossType> lossType,

        @Key(help = "weight of each loss_type; 1 each if left out", range = "[0, inf)") @Nullable
        List<Double> lossWeights,

        @Key(help = "jsd: 0 is forward KL, 1 reverse KL, between them a mixture", standard = "0.5", range = "[0, 1]")
        double beta,

        @Key(help = "skew KLs: share of the other side that is mixed in", standard = "0.1", range = "[0, 1)")
        double skewAlpha,

        @Key(help = "adaptive_kl: probability of the teacher's head", standard = "0.5", range = "[0, 1]")
        double adaptiveMu,

        @Key(
                help = "divides both models' logits, and the student's where it answers",
                standard = "1",
                range = "(0, inf)")
        double temperature,

        @Key(help = "tokens whose logits exist at a time", standard = "256", range = "[1, inf)")
        int chunkSize)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (lossType.isEmpty() || new HashSet<>(lossType).size() < lossType.size()) {
            checks.refuse("loss_type", "expected at least one, each once, found " + lossType);
        }
        if (lossWeights != null && lossWeights.size() != lossType.size()) {
            checks.refuse(
                    "loss_weights",
                    "expected as many as loss_type has (" + lossType.size() + "), found " + lossWeights.size());
        } else if (lossWeights != null && lossWeights.stream().noneMatch(weight -> weight > 0)) {
            checks.refuse("loss_weights", "expected at least one above 0, found " + lossWeights);
        }
    }

    /** Whether only the rows' own tokens are learnt. */
    public boolean isSftAlone() {
        return lossType.equals(List.of(DistillLossType.SFT));
    }

    /** As the objective takes it. */
    public DistillationLoss loss() {
        List<DistillationLoss.Part> parts = new ArrayList<>();
        double sft = 0;
        for (int i = 0; i < lossType.size(); i++) {
            double weight = lossWeights == null ? 1 : lossWeights.get(i);
            lossType.get(i)
                    .divergence(this)
                    .ifPresent(divergence -> parts.add(new DistillationLoss.Part(divergence, weight)));
            sft += lossType.get(i) == DistillLossType.SFT ? weight : 0;
        }
        return new DistillationLoss(parts, sft, temperature, chunkSize);
    }
}
