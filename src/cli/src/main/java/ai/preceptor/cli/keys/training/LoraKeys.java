package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.tinker.TinkerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which weights are trained, and what is kept in memory for it; PEFT's and TRL's names. */
public record LoraKeys(
        @Key(help = "train a LoRA adapter instead of the weights; implied by lora_r", defaultValue = "false")
        boolean usePeft,

        @Key(help = "rank of the adapter", defaultText = "no adapter; 16 with use_peft", range = "[1, 65536]") @Nullable
        Integer loraR,

        @Key(
                help = "the adapter is scaled by lora_alpha / lora_r",
                defaultText = "32 with an adapter",
                range = "(0, inf)")
        @Nullable
        Double loraAlpha,

        @Key(
                help = "dropout probability of the adapter's inputs during training",
                defaultText = "0 with an adapter",
                range = "[0, 1)")
        @Nullable
        Double loraDropout,

        @Key(
                help = "linear modules with an adapter: names, one regular expression for whole names, or "
                        + "all-linear",
                defaultText = "queries and values, with an adapter")
        @Nullable
        List<String> loraTargetModules,

        @Key(help = "scale by lora_alpha / sqrt(lora_r) instead", defaultValue = "false")
        boolean useRslora,

        @Key(help = "modules trained in full and saved with the adapter; always includes a reward model's head")
        @Nullable
        List<String> loraModulesToSave,

        @Key(
                help = "recompute activations in the backward pass: less memory, more time, the same results",
                defaultValue = "false",
                effect = KeyEffect.EXECUTION)
        boolean gradientCheckpointing,

        @Key(
                help = "dtype=bfloat16: element type of matrix products in training's forward passes; float32 gives "
                        + "float32 log-probabilities at a higher cost; backward pass and sampling stay in bfloat16. "
                        + "adapters support dtype only",
                defaultText = "float32 if the loss compares with a reference (the DPO family), otherwise dtype")
        @Nullable
        Precision forwardDtype)
        implements Checked {
    private static final LoraConfig STANDARD = LoraConfig.of(16, 32);

    /** Of the adapters that services train; the API has no other. */
    private static final double SERVICE_ALPHA = 32;

    @Override
    public void check(Checks checks) {
        boolean given = useRslora
                || Stream.of(loraAlpha, loraDropout, loraTargetModules, loraModulesToSave)
                        .anyMatch(Objects::nonNull);
        if (given && !enabled()) {
            checks.refuse("lora_r", "expected a rank, or use_peft=true, with other keys of an adapter, found none");
        }
        if (loraTargetModules != null) {
            try {
                TargetModules.of(loraTargetModules);
            } catch (ConfigurationException e) {
                checks.refuse("lora_target_modules", String.valueOf(e.getMessage()));
            }
        }
    }

    /** Refuses a {@code forward_dtype} that a student could not follow. */
    void checkForward(StudentKeys student, Checks checks) {
        if (forwardDtype == Precision.FLOAT32 && (enabled() || student.hasAdapter())) {
            checks.refuse(
                    "forward_dtype", "expected none with an adapter, whose base has no float32 weights, found float32");
        }
        if (forwardDtype == Precision.BFLOAT16 && student.dtype() == Precision.FLOAT32) {
            checks.refuse("forward_dtype", "expected float32 or none with dtype=float32, found bfloat16");
        }
    }

    /** Refuses what a training service does not do, or what is done here only. */
    void checkService(TinkerSettings service, StudentKeys student, LearnersKeys learners, Checks checks) {
        if (!service.isGiven()) {
            return;
        }
        if (loraR == null) {
            checks.refuse(
                    "lora_r", "required with learner_url; expected the rank of the adapter that the service trains");
        }
        if (loraAlpha != null && loraAlpha != SERVICE_ALPHA) {
            refuse("lora_alpha", "32", loraAlpha, checks);
        }
        if (loraTargetModules != null && !loraTargetModules.equals(List.of(TargetModules.ALL_LINEAR))) {
            refuse("lora_target_modules", "none or " + TargetModules.ALL_LINEAR, loraTargetModules, checks);
        }
        if (loraDropout != null && loraDropout != 0) {
            refuse("lora_dropout", "0", loraDropout, checks);
        }
        if (student.hasAdapter()) {
            checks.refuse("adapter", "expected none with learner_url, whose service begins a new adapter, found one");
        }
        if (student.dtype() != Precision.FLOAT32) {
            refuse("dtype", "none", student.dtype(), checks);
        }
        if (learners.world() > 1) {
            refuse("learners", "1", learners.world(), checks);
        }
        refuseWithService("use_rslora", useRslora, checks);
        refuseWithService("lora_modules_to_save", loraModulesToSave, checks);
        refuseWithService("forward_dtype", forwardDtype, checks);
        refuseWithService("gradient_checkpointing", gradientCheckpointing, checks);
    }

    /** Refuses a key that has no meaning where a service trains. */
    static void refuseWithService(String key, @Nullable Object value, Checks checks) {
        if (value != null && !value.equals(false)) {
            refuse(key, "none", value, checks);
        }
    }

    private static void refuse(String key, String expected, Object found, Checks checks) {
        checks.refuse(key, "expected " + expected + " with learner_url, whose service decides it, found " + found);
    }

    /** Whether an adapter is asked for. */
    public boolean enabled() {
        return usePeft || loraR != null;
    }

    /** Rank of the adapter that is asked for. */
    public int rank() {
        return Objects.requireNonNullElse(loraR, STANDARD.r());
    }

    /** {@link #trained(StudentKeys, long, Precision)} with forward passes in {@code dtype} if nothing else is asked for. */
    public LoadOptions trained(StudentKeys student, long seed) {
        return trained(student, seed, student.dtype());
    }

    /**
     * How a student is loaded that is to be trained.
     *
     * @param seed of a new adapter
     * @param forward element type of forward passes, unless {@code forward_dtype} says another
     */
    public LoadOptions trained(StudentKeys student, long seed, Precision forward) {
        return new LoadOptions(
                        student.dtype(),
                        true,
                        enabled() ? lora(student) : null,
                        student.adapter(),
                        gradientCheckpointing,
                        seed)
                .withForward(forward(student, forward));
    }

    private Precision forward(StudentKeys student, Precision standard) {
        if (forwardDtype != null) {
            return forwardDtype;
        }
        return student.dtype() == Precision.FLOAT32 || enabled() || student.hasAdapter() ? student.dtype() : standard;
    }

    /** What is not given is as in the adapter that training goes on with, if there is one. */
    private LoraConfig lora(StudentKeys student) {
        Path adapter = student.adapterDirectory();
        LoraConfig otherwise =
                adapter == null ? STANDARD : AdapterConfig.read(adapter).lora();
        return new LoraConfig(
                Objects.requireNonNullElse(loraR, otherwise.r()),
                Objects.requireNonNullElse(loraAlpha, otherwise.alpha()),
                Objects.requireNonNullElse(loraDropout, otherwise.dropout()),
                useRslora,
                loraTargetModules == null ? otherwise.targetModules() : TargetModules.of(loraTargetModules),
                Objects.requireNonNullElse(loraModulesToSave, otherwise.modulesToSave()));
    }
}
