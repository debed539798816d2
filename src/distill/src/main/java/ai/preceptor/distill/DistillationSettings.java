package ai.preceptor.distill;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.distill.hidden.HiddenLoss;
import ai.preceptor.lm.DistributionComparison;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of distillation losses. */
public record DistillationSettings(
        @Key(
                help = "loss per loss token; several are summed; sft is the loss on the row's own token",
                defaultValue = "jsd")
        List<DistillLossType> lossType,

        @Key(help = "weight of each loss_type", defaultText = "1 each", range = "[0, inf)") @Nullable
        List<Double> lossWeights,

        @Key(help = "jsd: mixture coefficient; 0 is forward KL, 1 reverse KL", defaultValue = "0.5", range = "[0, 1]")
        double beta,

        @Key(help = "skew KLs: weight of the other distribution in the mixture", defaultValue = "0.1", range = "[0, 1)")
        double skewAlpha,

        @Key(help = "adaptive_kl: probability of the teacher's head", defaultValue = "0.5", range = "[0, 1]")
        double adaptiveMu,

        @Key(
                help = "divisor of both models' logits in the loss, and of the student's in generation",
                defaultValue = "1",
                range = "(0, inf)")
        double temperature,

        @Key(
                help = "hidden states, attention: the student's layers to train, counted from 1",
                defaultText = "the last",
                range = "[1, inf)")
        @Nullable
        List<Integer> studentLayers,

        @Key(help = "hidden states, attention: the teacher's layer for each of student_layers", range = "[1, inf)")
        @Nullable
        List<Integer> teacherLayers,

        @Key(
                help = "number of tokens whose logits are computed at a time",
                defaultValue = "" + DistributionComparison.DEFAULT_CHUNK,
                range = "[1, inf)",
                effect = KeyEffect.EXECUTION)
        int chunkSize) {
    /** @throws ai.preceptor.data.ConfigurationException naming every value that is not legal or does not fit the others */
    public DistillationSettings {
        Refusals refusals = Refusals.of(
                DistillationSettings.class,
                lossType,
                lossWeights,
                beta,
                skewAlpha,
                adaptiveMu,
                temperature,
                studentLayers,
                teacherLayers,
                chunkSize);
        if (lossType.isEmpty() || new HashSet<>(lossType).size() < lossType.size()) {
            refusals.refuse("loss_type", "expected at least one, each once, found " + KeyName.shown(lossType));
        }
        if (lossWeights != null && lossWeights.size() != lossType.size()) {
            refusals.refuse(
                    "loss_weights",
                    "expected as many as loss_type has (" + lossType.size() + "), found " + lossWeights.size());
        } else if (lossWeights != null && lossWeights.stream().noneMatch(weight -> weight > 0)) {
            refusals.refuse("loss_weights", "expected at least one above 0, found " + lossWeights);
        }
        int mine = studentLayers == null ? 0 : studentLayers.size();
        int theirs = teacherLayers == null ? 0 : teacherLayers.size();
        if (mine != theirs) {
            refusals.refuse("teacher_layers", "expected as many as student_layers has (" + mine + "), found " + theirs);
        } else if (mine > 0 && !comparesHidden(lossType)) {
            refusals.refuse(
                    "student_layers",
                    "expected nothing without hidden states or attention in loss_type, found " + studentLayers);
        }
        if (lossType.contains(DistillLossType.ULD) && comparesHidden(lossType)) {
            refusals.refuse(
                    "loss_type",
                    "expected no hidden states with uld, whose teacher reads tokens of its own, found "
                            + KeyName.shown(lossType));
        }
        refusals.throwIfAny();
        lossType = List.copyOf(lossType);
    }

    /** Whether only the rows' own tokens are learnt. */
    public boolean isSftAlone() {
        return lossType.equals(List.of(DistillLossType.SFT));
    }

    /** Whether hidden states or attention take part. */
    public boolean comparesHidden() {
        return comparesHidden(lossType);
    }

    /** Whether the teacher may have another vocabulary. */
    public boolean allowsOtherVocabulary() {
        return lossType.contains(DistillLossType.ULD)
                && List.of(DistillLossType.ULD, DistillLossType.SFT).containsAll(lossType);
    }

    /** Whether attention takes part. */
    public boolean comparesAttention() {
        return lossType.stream().anyMatch(type -> type.attention().isPresent());
    }

    private static boolean comparesHidden(List<DistillLossType> lossType) {
        return lossType.stream().anyMatch(DistillLossType::comparesLayers);
    }

    private @Nullable HiddenLoss hidden() {
        List<HiddenLoss.Part> parts = new ArrayList<>();
        List<HiddenLoss.AttentionPart> attention = new ArrayList<>();
        for (int i = 0; i < lossType.size(); i++) {
            double weight = lossWeights == null ? 1 : lossWeights.get(i);
            lossType.get(i).similarity().ifPresent(one -> parts.add(new HiddenLoss.Part(one, weight)));
            lossType.get(i).attention().ifPresent(one -> attention.add(new HiddenLoss.AttentionPart(one, weight)));
        }
        List<HiddenLoss.Pair> layers = new ArrayList<>();
        for (int i = 0; studentLayers != null && teacherLayers != null && i < studentLayers.size(); i++) {
            layers.add(new HiddenLoss.Pair(studentLayers.get(i), teacherLayers.get(i)));
        }
        return parts.isEmpty() && attention.isEmpty() ? null : new HiddenLoss(parts, attention, layers);
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
        return new DistillationLoss(parts, sft, temperature, chunkSize, hidden());
    }
}
