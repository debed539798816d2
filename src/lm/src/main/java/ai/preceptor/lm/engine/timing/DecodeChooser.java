package ai.preceptor.lm.engine.timing;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.engine.vector.HeapNeed;
import ai.preceptor.lm.engine.vector.JavaHeap;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.vector.VectorSupport;
import ai.preceptor.vector.WeightType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Chooses what computes a run's steps, for {@code rollout_dtype=auto}: Java, if that is possible, rounds no more than libtorch would, and
 * is measured to be faster by 5 % or more; else libtorch.
 *
 * <p>The choice changes what seeds mean, so it is made once a run, recorded, and never made again.
 */
public final class DecodeChooser {
    private static final double MILLI = 1e6;

    private final DecodeSettings java;
    private final Supplier<Optional<String>> whyNot;
    private final Opener opener;
    private final StepTimer timer;

    /** Opens steps of one kind. */
    @FunctionalInterface
    interface Opener {
        TimedSteps open(DecodeSettings kind, int rows);
    }

    /**
     * @param java the steps that may take the place of libtorch's
     * @param whyNot why they are impossible; empty if they are not
     */
    DecodeChooser(DecodeSettings java, Supplier<Optional<String>> whyNot, Opener opener, StepTimer timer) {
        this.java = java;
        this.whyNot = whyNot;
        this.opener = opener;
        this.timer = timer;
    }

    /** For a model, by its own steps; on the thread that may use it, while nothing else does. */
    public static DecodeChooser of(LanguageModel model) {
        DecodeSettings java = candidate(model);
        return new DecodeChooser(
                java,
                () -> whyNot(model, java),
                (kind, rows) -> new SessionSteps(model, kind, rows),
                new StepTimer(StepTimer.Bounds.BRIEF));
    }

    /**
     * Chooses. Takes up to some seconds, and the memory of both kinds' weights as they are laid out for steps.
     *
     * @param rows of the run's steps, 1 or more
     */
    public DecodeChoice choose(int rows) {
        Optional<String> why = whyNot.get();
        if (why.isPresent()) {
            return new DecodeChoice(DecodeSettings.TENSORS, null, why.get());
        }
        StepTimes times = measure(rows);
        JavaHeap.shrink(Runtime.getRuntime().totalMemory());
        return new DecodeChoice(times.prefersJava() ? java : DecodeSettings.TENSORS, times, null);
    }

    private StepTimes measure(int rows) {
        try (TimedSteps mine = opener.open(java, rows);
                TimedSteps tensors = opener.open(DecodeSettings.TENSORS, rows)) {
            long[] nanos = timer.medians(List.of(mine, tensors));
            return new StepTimes(rows, nanos[0] / MILLI, nanos[1] / MILLI);
        }
    }

    /** The steps in Java that may take the place of libtorch's: those that round no more. */
    public static DecodeSettings candidate(LanguageModel model) {
        boolean exact = model.parameters().precision() == Precision.FLOAT32;
        return new DecodeSettings(exact ? WeightType.FLOAT32 : WeightType.BFLOAT16);
    }

    /**
     * Why Java cannot compute a model's steps here, in words; empty if it can.
     *
     * @param java the steps, in Java
     */
    public static Optional<String> whyNot(LanguageModel model, DecodeSettings java) {
        return whyNot(model.config(), model.parameters().torch().device(), java);
    }

    /**
     * The same of a model that need not be loaded.
     *
     * @param device that it is to be loaded on
     */
    public static Optional<String> whyNot(DecoderConfig config, String device, DecodeSettings java) {
        WeightType type = Objects.requireNonNull(java.weights(), "steps in Java");
        if (!device.equals("cpu")) {
            return Optional.of("the model is on " + device + ", and Java computes on the processor");
        }
        return VectorSupport.whyNot().or(() -> new HeapNeed(config, type).whyNot());
    }
}
