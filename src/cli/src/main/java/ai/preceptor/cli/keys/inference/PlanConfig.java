package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.lm.weights.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keys of {@code plan}. */
public record PlanConfig(
        @Key(help = "model to train; only its configuration is read", required = true, path = PathKind.MODEL)
        Path model,

        @Key(help = "command that trains it", required = true)
        PlanMethod method,

        @Key(help = "a further frozen model in memory: teacher, judge or reward model", path = PathKind.MODEL) @Nullable
        Path teacher,

        @Key(help = "element type of matrix products", defaultValue = "float32")
        Precision dtype,

        @Key(
                help = "dtype=bfloat16: element type of matrix products in training's forward passes",
                defaultText = "float32 if rank compares with a reference, otherwise dtype")
        @Nullable
        Precision forwardDtype,

        @Key(help = "the loss compares with a frozen copy of the model", defaultText = "true for policy and rank")
        @Nullable
        Boolean reference,

        @Key(help = "policy: a critic of the model's size is trained too", defaultValue = "false")
        boolean critic,

        @Key(help = "rows per micro-batch; for policy, answers", defaultValue = "8", range = "[1, 1000000]")
        int batchSize,

        @Key(help = "micro-batches per optimizer step", defaultValue = "1", range = "[1, 1000000]")
        int gradientAccumulationSteps,

        @Key(
                help = "answers per prompt",
                defaultText = "8 for policy, 2 for rank and reward, 1 for sft and distill",
                range = "[1, 65536]")
        @Nullable
        Integer numGenerations,

        @Key(help = "mean tokens of a prompt", defaultValue = "256", range = "[1, 10000000]")
        int promptTokens,

        @Key(help = "mean tokens of an answer", defaultValue = "256", range = "[1, 10000000]")
        int answerTokens,

        @Key(help = "rank of the adapter", defaultValue = "16", range = "[1, 65536]")
        int loraR,

        @Key(
                help = "linear modules with an adapter: names, one regular expression for whole names, or all-linear",
                defaultText = "queries and values")
        @Nullable
        List<String> loraTargetModules,

        @Group(title = "Machine") PlanMachineKeys machine,

        @Group(title = "Workers, with method=policy") PlanWorkerKeys simulation,

        @Key(
                help = "JSON file with all numbers",
                defaultText = "only the table is printed",
                path = PathKind.OUTPUT_FILE,
                effect = KeyEffect.NONE)
        @Nullable
        Path output,

        @Group(title = "Device that is measured") DeviceKeys device)
        implements Checked {
    /** Answers to a prompt. */
    public int answers() {
        return Objects.requireNonNullElse(numGenerations, method.answers());
    }

    /** Prompts of an optimizer step. */
    public int prompts() {
        return batchSize * gradientAccumulationSteps / answers();
    }

    /** Whether there is a reference. */
    public boolean comparesWithReference() {
        return Objects.requireNonNullElse(reference, method.hasReference());
    }

    /** Whether forward passes compute in float32 although other products do not. */
    public boolean forwardsExactly() {
        boolean compares = method == PlanMethod.RANK && comparesWithReference();
        Precision forward = Objects.requireNonNullElse(forwardDtype, compares ? Precision.FLOAT32 : dtype);
        return dtype == Precision.BFLOAT16 && forward == Precision.FLOAT32;
    }

    /** Modules with an adapter. */
    public TargetModules targets() {
        return loraTargetModules == null ? TargetModules.STANDARD : TargetModules.of(loraTargetModules);
    }

    @Override
    public void check(Checks checks) {
        if (dtype == Precision.FLOAT32 && forwardDtype == Precision.BFLOAT16) {
            checks.refuse("forward_dtype", "expected float32 or none with dtype=float32, found bfloat16");
        }
        if (machine.gpus() > 0 && forwardsExactly() && machine.gpuPeakFloat32() == null) {
            checks.refuse(
                    "gpu_peak_float32",
                    "expected a number, since forward passes are in float32, or forward_dtype=bfloat16; found none");
        }
        if (simulation.workers() != null && method != PlanMethod.POLICY) {
            checks.refuse("workers", "expected none with a method other than policy, found " + simulation.workers());
        }
        if (critic && method != PlanMethod.POLICY) {
            checks.refuse("critic", "expected false with a method other than policy, found true");
        }
        if (method == PlanMethod.POLICY && batchSize % answers() != 0 && answers() % batchSize != 0) {
            checks.refuse(
                    "batch_size",
                    "expected a multiple or a divisor of num_generations " + answers() + ", found " + batchSize);
        } else if (simulation.workers() != null && prompts() < 1) {
            checks.refuse(
                    "gradient_accumulation_steps",
                    "expected enough for the " + answers() + " answers to a prompt, found "
                            + gradientAccumulationSteps);
        }
        if (loraTargetModules != null) {
            try {
                TargetModules.of(loraTargetModules);
            } catch (ConfigurationException e) {
                checks.refuse("lora_target_modules", String.valueOf(e.getMessage()));
            }
        }
    }
}
