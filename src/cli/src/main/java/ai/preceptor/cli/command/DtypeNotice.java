package ai.preceptor.cli.command;

import ai.preceptor.cli.console.Terminal;
import ai.preceptor.lm.MatmulSpeeds;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Warns about training in bfloat16 on a processor that multiplies no faster in it. Processors without matrix units
 * often do
 * not, and the choice costs digits.
 *
 * @param terminal where it is printed, once
 * @param measure how fast a device is in each element type
 */
record DtypeNotice(Terminal terminal, Function<Torch, MatmulSpeeds> measure) {
    /** Enough to tell one element type from the other, and little beside loading a model. */
    private static final Duration EACH = Duration.ofMillis(100);

    private static final String TOPIC = "dtype";

    /** The processor's, by threads: it does not change while the process runs. */
    private static final Map<Integer, MatmulSpeeds> MEASURED = new ConcurrentHashMap<>();

    /** Measures the processor itself, the first time that a process asks for so many threads. */
    DtypeNotice(Terminal terminal) {
        this(
                terminal,
                torch -> MEASURED.computeIfAbsent(torch.threads(), threads -> MatmulSpeeds.measure(torch, EACH)));
    }

    /**
     * Measures a processor and prints the notice if needed; prints nothing for other devices and in float32.
     *
     * @param dtype that of the training
     */
    void check(Torch torch, Precision dtype) {
        if (dtype != Precision.BFLOAT16
                || !torch.device().equals("cpu")
                || !terminal.notices().isNew(TOPIC)) {
            return;
        }
        MatmulSpeeds speeds = measure.apply(torch);
        if (speeds.recommended() == Precision.FLOAT32) {
            terminal.notices()
                    .tell(
                            TOPIC,
                            "dtype=bfloat16: matrix products run at " + speeds.text(Precision.BFLOAT16) + " here, at "
                                    + speeds.text(Precision.FLOAT32)
                                    + " in float32; dtype=float32 trains as fast or faster on this processor, and exactly");
        }
    }
}
