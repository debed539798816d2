package ai.preceptor;

import ai.preceptor.online.OnlineContext;
import ai.preceptor.policy.evaluation.HeldOutPrompts;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.TrainListener;
import ai.preceptor.vllm.VllmSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a run that learns from the student's own answers.
 *
 * @param loop where metrics, checkpoints and the model go, and who may stop the run
 * @param samples receives every sampled answer before it is learnt from: a row of {@code samples.jsonl}
 * @param registry where the meters of sampling and scoring go
 * @param deadLetters file for prompts that could not be answered, there from the first on; null for none
 * @param workers processes that sample for it; null to have none
 * @param evaluation what it is measured on during the run; null for nothing
 * @param servers that sample in the student's place; {@link VllmSettings#none} where it samples itself
 */
public record PolicyContext(
        LoopSetting loop,
        Consumer<Map<String, @Nullable Object>> samples,
        MeterRegistry registry,
        @Nullable Path deadLetters,
        @Nullable PolicyWorkers workers,
        @Nullable HeldOutPrompts evaluation,
        VllmSettings servers) {

    /** Without servers. */
    public PolicyContext(
            LoopSetting loop,
            Consumer<Map<String, @Nullable Object>> samples,
            MeterRegistry registry,
            @Nullable Path deadLetters,
            @Nullable PolicyWorkers workers,
            @Nullable HeldOutPrompts evaluation) {
        this(loop, samples, registry, deadLetters, workers, evaluation, VllmSettings.none());
    }

    /** Without evaluation during the run. */
    public PolicyContext(
            LoopSetting loop,
            Consumer<Map<String, @Nullable Object>> samples,
            MeterRegistry registry,
            @Nullable Path deadLetters,
            @Nullable PolicyWorkers workers) {
        this(loop, samples, registry, deadLetters, workers, null);
    }

    /** The same with processes that sample for it. */
    public PolicyContext with(PolicyWorkers others) {
        return new PolicyContext(loop, samples, registry, deadLetters, others, evaluation, servers);
    }

    /** The same with another listener to the run's progress. */
    public PolicyContext hearing(TrainListener another) {
        return new PolicyContext(loop.hearing(another), samples, registry, deadLetters, workers, evaluation, servers);
    }

    /** The same, measured during the run. */
    public PolicyContext with(HeldOutPrompts other) {
        return new PolicyContext(loop, samples, registry, deadLetters, workers, other, servers);
    }

    /** The same with servers that sample. */
    public PolicyContext with(VllmSettings others) {
        return new PolicyContext(loop, samples, registry, deadLetters, workers, evaluation, others);
    }

    /** The same for preferences that are learnt online. */
    OnlineContext online() {
        return new OnlineContext(
                loop, samples, registry, deadLetters, workers == null ? null : workers::terms, evaluation, servers);
    }

    /** Keeps nothing but the changed weights. */
    public static PolicyContext inMemory() {
        return new PolicyContext(LoopSetting.inMemory(), row -> {}, new SimpleMeterRegistry(), null, null);
    }
}
