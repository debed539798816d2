package ai.preceptor.lm.engine.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.StepsInJava;
import ai.preceptor.vector.WeightType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DecodeChooserTest {
    private static final DecodeSettings JAVA = new DecodeSettings(WeightType.FLOAT32);

    private final AtomicLong now = new AtomicLong();
    private final List<String> log = new ArrayList<>();
    private Optional<String> whyNot = Optional.empty();

    /** Chooses between steps that take so many microseconds. */
    private DecodeChoice choose(long java, long libtorch) {
        StepTimer timer = new StepTimer(now::get, new StepTimer.Bounds(0, 1_000_000, 1_000_000));
        return new DecodeChooser(JAVA, () -> whyNot, (kind, rows) -> steps(kind, rows, java, libtorch), timer)
                .choose(8);
    }

    private TimedSteps steps(DecodeSettings kind, int rows, long java, long libtorch) {
        log.add("open " + kind.value() + " " + rows);
        long micros = kind.equals(JAVA) ? java : libtorch;
        return new TimedSteps() {
            @Override
            public long step() {
                if (micros < 0) {
                    throw new IllegalStateException("failed");
                }
                now.addAndGet(micros * 1000);
                return micros * 1000;
            }

            @Override
            public void close() {
                log.add("close " + kind.value());
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "20000, 21000, float32", // 5 %
        "20000, 20999, none",
        "20000, 20000, none",
        "30000, 20000, none",
        "27900, 38400, float32"
    })
    void choose_takesJavaWhereItIsFasterBy5Percent(long java, long libtorch, String expected) {
        DecodeChoice choice = choose(java, libtorch);
        assertThat(choice.decode().value()).isEqualTo(expected);
        assertThat(choice.decode().isAuto()).isFalse();
        assertThat(choice.times()).isEqualTo(new StepTimes(8, java / 1e3, libtorch / 1e3));
        assertThat(log).containsExactlyInAnyOrder("open float32 8", "open none 8", "close none", "close float32");
    }

    @Test
    void line_saysWhatDecided() {
        assertThat(choose(27_900, 38_400).line())
                .isEqualTo("rollout_dtype: float32 (a step of 8 rows takes 27.9 ms, libtorch's 38.4 ms)");
        assertThat(choose(30_000, 20_000).line())
                .isEqualTo("rollout_dtype: none (a step of 8 rows takes 20.0 ms, Java's 30.0 ms)");
    }

    @Test
    void choose_whereJavaCannot_isLibtorchUnmeasured() {
        whyNot = Optional.of("vectors have 128 bits, fewer than 256");
        DecodeChoice choice = choose(1, 2);
        assertThat(choice.decode()).isEqualTo(DecodeSettings.TENSORS);
        assertThat(choice.line()).isEqualTo("rollout_dtype: none, because vectors have 128 bits, fewer than 256");
        assertThat(log).isEmpty();
    }

    @Test
    void choose_whereAStepThrows_closesBoth() {
        assertThatThrownBy(() -> choose(1, -1)).hasMessage("failed");
        assertThat(log).contains("close none", "close float32");
    }

    /** Steps of a model, of which it is open which are faster. */
    @ParameterizedTest
    @EnumSource
    void choose_forAModel_roundsNoMoreThanLibtorch(Precision precision) {
        StepsInJava.assumePossible();
        try (Torch torch = Torch.open("cpu", 0);
                LanguageModel model =
                        LanguageModel.load(torch, Golden.dir("tiny-chat"), new LoadOptions(precision, false))) {
            DecodeChoice choice = DecodeChooser.of(model).choose(3);
            StepTimes times = choice.times();
            assertThat(times).as(choice.line()).isNotNull();
            assertThat(times.rows()).isEqualTo(3);
            assertThat(times.javaMillis()).isPositive();
            assertThat(times.libtorchMillis()).isPositive();
            assertThat(choice.decode())
                    .isEqualTo(times.prefersJava() ? new DecodeSettings(type(precision)) : DecodeSettings.TENSORS);
        }
    }

    private static WeightType type(Precision precision) {
        return WeightType.valueOf(precision.name());
    }
}
