package ai.preceptor.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.train.StepMetrics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void onLog_inAPipe_isOnePlainLine() {
        TrainingProgress progress = progress(false);
        progress.onStart(4, 12);
        progress.onStep(step(0.5));
        progress.onLog(step(0.5));
        progress.onCheckpoint(6, Path.of("checkpoints", "step-6"));
        assertThat(text().lines())
                .containsExactly(
                        "rank: resuming after step 4 of 12",
                        "rank: step 6/12 0:00<0:00 loss 0.6931 grad_norm 25.77 rewards/accuracies 0.7500 learning_rate 5.00e-06"
                                + " step_time 0.50 s",
                        "rank: saved checkpoints/step-6");
    }

    @Test
    void onStep_slowSteps_haveALineEach() {
        TrainingProgress progress = progress(false);
        progress.onStep(step(4.3));
        progress.onLog(step(4.3));
        assertThat(text().lines()).hasSize(1).allMatch(line -> line.endsWith("step_time 4.30 s"));
    }

    @Test
    void onStep_onATerminal_movesTheBar() {
        TrainingProgress progress = progress(true);
        progress.onStart(0, 12);
        progress.onStep(step(0.5));
        assertThat(text())
                .startsWith("\rrank")
                .contains("50% 6/12", "loss 0.6931")
                .doesNotContain("\n");
        progress.onLog(step(0.5));
        assertThat(text()).contains("\rrank: step 6/12 loss 0.6931").endsWith("step_time 0.50 s\n");
    }

    @Test
    void onStep_whatTheRunIsFor_standsFirst() {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Watched watched = new Watched(List.of("rewards/accuracies", "absent"), List.of("logps/chosen"));
        new TrainingProgress(new Terminal(stream, stream, false, 80), "policy", watched, () -> 0L).onLog(step(0.5));
        assertThat(text())
                .startsWith("policy: step 6/12 0:00<0:00 rewards/accuracies 0.7500 loss 0.6931 grad_norm 25.77"
                        + " logps/chosen -1.000 learning_rate");
    }

    @Test
    void onLog_ofAResumedRun_saysTheTimeLeftOfWhatItDidItself() {
        long[] now = {0};
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        TrainingProgress progress = new TrainingProgress(
                new Terminal(stream, stream, false, 80), "rank", Watched.beside(List.of()), () -> now[0]);
        progress.onStart(4, 12);
        now[0] = 20_000_000_000L;
        progress.onLog(step(0.5));
        assertThat(text()).contains("rank: step 6/12 0:20<1:00 loss");
    }

    @Test
    void onLog_lossOfAboutZero_hasNoSign() {
        TrainingProgress progress = progress(false);
        progress.onLog(step(0.5, -1.8e-8));
        progress.onLog(step(0.5, -0.25));
        assertThat(text()).contains("loss 0.0000 grad_norm", "loss -0.2500 grad_norm");
    }

    private static StepMetrics step(double seconds) {
        return step(seconds, 0.693147);
    }

    private static StepMetrics step(double seconds, double loss) {
        return new StepMetrics(
                6, 12, 0.5, 1234, seconds, loss, 25.77, 5e-6, Map.of("rewards/accuracies", 0.75, "logps/chosen", -1.0));
    }

    private TrainingProgress progress(boolean interactive) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, interactive, 120);
        return new TrainingProgress(
                terminal, "rank", Watched.beside(List.of("rewards/accuracies", "absent")), () -> 0L);
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
