package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.CallKeys;
import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.distill.DistillLossType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a run of {@code distill} does, as far as it says which keys have an effect. A key without one is refused where it is
 * written; at the top of a recipe it is for other stages.
 *
 * @param distillation the key
 * @param losses those of {@code loss_type}
 * @param stored whether the teacher's most probable tokens are stored, those of a served one always
 * @param written whether student or teacher write answers
 * @param calls whether a server is asked
 */
public record DistillUse(
        DistillationType distillation, List<DistillLossType> losses, boolean stored, boolean written, CallKeys calls) {
    /**
     * As it is written.
     *
     * @param texts what is written for a key; empty if nothing is
     */
    public static DistillUse of(Function<String, List<String>> texts) {
        CallKeys calls = CallKeys.of(texts, false);
        return new DistillUse(
                UnusedKeys.written(DistillationType.OFFLINE, texts.apply("distillation")),
                UnusedKeys.allWritten(DistillLossType.JSD, texts.apply("loss_type")),
                calls.served() || UnusedKeys.isAboveZero(texts.apply("teacher_top_k")),
                texts.apply("seq_kd").equals(List.of("true")) || UnusedKeys.isAboveZero(texts.apply("lmbda")),
                calls);
    }

    /** The keys without effect, and what each has one with. */
    public Map<String, String> unused() {
        Map<String, String> unused = new LinkedHashMap<>(calls.unused());
        if (!losses.contains(DistillLossType.JSD)) {
            unused.put("beta", "jsd in loss_type");
        }
        if (!losses.contains(DistillLossType.SKEW_FORWARD_KL) && !losses.contains(DistillLossType.SKEW_REVERSE_KL)) {
            unused.put("skew_alpha", "skew_forward_kl or skew_reverse_kl in loss_type");
        }
        if (!losses.contains(DistillLossType.ADAPTIVE_KL)) {
            unused.put("adaptive_mu", "adaptive_kl in loss_type");
        }
        if (distillation != DistillationType.SELF) {
            unused.put("ema_decay", "distillation=self");
        }
        if (distillation != DistillationType.ONLINE) {
            unused.put("teacher_learning_rate", "distillation=online");
        }
        if (!stored) {
            unused.put("teacher_tail", "teacher_top_k above 0");
            unused.put("teacher_cache", "teacher_top_k above 0 or teacher_url");
        }
        if (!written) {
            unused.put("max_new_tokens", "lmbda above 0 or seq_kd=true");
            unused.put("sampling_temperature", "lmbda above 0 or seq_kd=true");
            unused.put("rollout_dtype", "lmbda above 0 or seq_kd=true");
        }
        return unused;
    }
}
