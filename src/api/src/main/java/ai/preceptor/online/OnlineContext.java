package ai.preceptor.online;

import ai.preceptor.policy.evaluation.HeldOutPrompts;
import ai.preceptor.rollout.worker.WorkerTerms;
import ai.preceptor.run.PublishedWeights;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.vllm.VllmSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds an online run.
 *
 * @param loop where metrics, checkpoints and the model go, and who may stop the run
 * @param samples receives every sampled answer before it is learnt from
 * @param registry where the meters of sampling and scoring go
 * @param deadLetters file for prompts that could not be answered; null for none
 * @param workers processes that sample for it; null for none
 * @param evaluation what the student is measured on during the run; null for nothing
 * @param servers that sample in the student's place; {@link VllmSettings#none} where it samples itself
 */
public record OnlineContext(
        LoopSetting loop,
        Consumer<Map<String, @Nullable Object>> samples,
        MeterRegistry registry,
        @Nullable Path deadLetters,
        @Nullable Function<PublishedWeights, WorkerTerms> workers,
        @Nullable HeldOutPrompts evaluation,
        VllmSettings servers) {
    /** Without servers. */
    public OnlineContext(
            LoopSetting loop,
            Consumer<Map<String, @Nullable Object>> samples,
            MeterRegistry registry,
            @Nullable Path deadLetters,
            @Nullable Function<PublishedWeights, WorkerTerms> workers,
            @Nullable HeldOutPrompts evaluation) {
        this(loop, samples, registry, deadLetters, workers, evaluation, VllmSettings.none());
    }
}
