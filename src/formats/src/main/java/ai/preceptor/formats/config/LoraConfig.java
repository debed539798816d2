package ai.preceptor.formats.config;

import ai.preceptor.data.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/**
 * Low-rank adaptation: a frozen matrix W becomes W + scale B A, and only A {@code [r, in]} and B {@code [out, r]} learn.
 *
 * <p>Source: Hu and others, LoRA (2021), section 4.1; rank-stabilized: Kalajdzievski (2023), section 4. A starts uniform
 * in {@code [-1/sqrt(in), 1/sqrt(in)]} and B at 0, as in PEFT, so that a new adapter changes nothing.
 *
 * @param r rank, at least 1
 * @param alpha the scale is {@code alpha / r}; above 0
 * @param dropout share of A's inputs that a training pass leaves out, in [0, 1)
 * @param useRslora whether the scale is {@code alpha / sqrt(r)} instead
 * @param targetModules which linear modules get an adapter
 * @param modulesToSave modules that are trained whole and saved with the adapter: names, or ends of names after a dot
 */
public record LoraConfig(
        int r,
        double alpha,
        double dropout,
        boolean useRslora,
        TargetModules targetModules,
        List<String> modulesToSave) {

    /** @throws ConfigurationException naming every number that is out of its range */
    public LoraConfig {
        List<String> problems = new ArrayList<>();
        if (r < 1) {
            problems.add("lora_r is " + r + ", legal: 1 or more");
        }
        if (!(alpha > 0) || !Double.isFinite(alpha)) {
            problems.add("lora_alpha is " + alpha + ", legal: above 0 and finite");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            problems.add("lora_dropout is " + dropout + ", legal: [0, 1)");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("; ", problems));
        }
        modulesToSave = List.copyOf(modulesToSave);
    }

    /** Queries and values, no dropout, nothing saved whole. */
    public static LoraConfig of(int r, double alpha) {
        return new LoraConfig(r, alpha, 0, false, TargetModules.STANDARD, List.of());
    }

    /** The same for other modules. */
    public LoraConfig withTargets(TargetModules targets) {
        return new LoraConfig(r, alpha, dropout, useRslora, targets, modulesToSave);
    }

    /** The same with another dropout. */
    public LoraConfig withDropout(double share) {
        return new LoraConfig(r, alpha, share, useRslora, targetModules, modulesToSave);
    }

    /** The same with the rank-stabilized scale. */
    public LoraConfig rankStabilized() {
        return new LoraConfig(r, alpha, dropout, true, targetModules, modulesToSave);
    }

    /** The same with modules that are trained whole. */
    public LoraConfig saving(List<String> modules) {
        return new LoraConfig(r, alpha, dropout, useRslora, targetModules, modules);
    }
}
