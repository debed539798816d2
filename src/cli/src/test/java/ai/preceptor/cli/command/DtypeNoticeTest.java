package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.console.Terminal;
import ai.preceptor.lm.MatmulSpeeds;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DtypeNoticeTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(stream(), stream(), false, 80);

    private int measured;

    @Test
    void check_bfloat16WhereItIsSlower_isToldOnceForAllStages() {
        MatmulSpeeds xeon = new MatmulSpeeds(322e9, 162e9);
        check(terminal.forPart("sft"), xeon, Precision.BFLOAT16);
        check(terminal.forPart("dpo"), xeon, Precision.BFLOAT16);
        assertThat(told())
                .isEqualToIgnoringNewLines("dtype=bfloat16: matrix products run at 162 GFLOP/s here, at 322 GFLOP/s in"
                        + " float32; dtype=float32 trains as fast or faster on this processor, and exactly");
        assertThat(measured).isEqualTo(1);
    }

    @Test
    void check_bfloat16WhereItIsFaster_saysNothing() {
        check(terminal, new MatmulSpeeds(430e9, 2800e9), Precision.BFLOAT16);
        assertThat(told()).isEmpty();
    }

    @Test
    void check_float32_isNotEvenMeasured() {
        check(terminal, new MatmulSpeeds(322e9, 162e9), Precision.FLOAT32);
        assertThat(told()).isEmpty();
        assertThat(measured).isZero();
    }

    @Test
    void recommended_speedsThatHardlyDiffer_isTheExactType() {
        assertThat(new MatmulSpeeds(100e9, 109e9).recommended()).isEqualTo(Precision.FLOAT32);
        assertThat(new MatmulSpeeds(100e9, 111e9).recommended()).isEqualTo(Precision.BFLOAT16);
    }

    /** A machine without the instructions would fail here, not in somebody's run. */
    @Test
    void run_inBfloat16_measuresThisMachine() {
        try (Torch torch = Torch.open("cpu", 1)) {
            new DtypeNotice(terminal).check(torch, Precision.BFLOAT16);
        }
        assertThat(told()).matches("(dtype=bfloat16: .* GFLOP/s here, .*\\R)?");
    }

    private void check(Terminal where, MatmulSpeeds speeds, Precision dtype) {
        try (Torch torch = Torch.open("cpu", 1)) {
            new DtypeNotice(where, device -> {
                        measured++;
                        return speeds;
                    })
                    .check(torch, dtype);
        }
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private PrintStream stream() {
        return new PrintStream(err, true, StandardCharsets.UTF_8);
    }
}
