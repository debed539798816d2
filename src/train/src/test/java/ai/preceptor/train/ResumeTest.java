package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.schedule.ScheduleShape;
import ai.preceptor.train.toy.Mortal;
import ai.preceptor.train.toy.ToyModel;
import ai.preceptor.train.toy.ToyRows;
import ai.preceptor.train.toy.ToyRun;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was killed, interrupted or torn, and then resumed, equals one that was not, byte for byte. */
class ResumeTest {

    @TempDir
    Path folder;

    private ToyModel straight;
    private Path straightRun;

    /** 13 rows, 2 x 2 a step, so 4 steps an epoch, the last a small one; 10 steps; checkpoints in mid-epoch. */
    private static TrainConfigBuilder config() {
        return TrainConfig.builder()
                .batchSize(2)
                .gradientAccumulationSteps(2)
                .maxSteps(10)
                .saveSteps(3)
                .saveTotalLimit(2)
                .learningRate(0.05)
                .lrSchedulerType(LrSchedulerType.COSINE_WITH_MIN_LR)
                .lrSchedulerKwargs(ScheduleShape.minLrRate(0.1))
                .warmupSteps(2)
                .resume(true);
    }

    private static ToyRun run(TrainConfigBuilder config) {
        return new ToyRun(config.build(), ToyRows.make(13, 21), 0.4);
    }

    @BeforeEach
    void runStraight() {
        straightRun = folder.resolve("straight");
        straight = run(config()).model();
        run(config()).in(straightRun, straight, new Interrupt(), TrainListener.none());
    }

    @Test
    void resume_killedAtEveryMoment_equalsTheStraightRun() throws IOException {
        int moment = 0;
        boolean died = true;
        while (died) {
            Path output = folder.resolve("killed-" + ++moment);
            died = dies(output, moment);
            ToyModel second = run(config()).model();
            run(config()).in(output, second, new Interrupt(), TrainListener.none());
            assertEqualsStraight(output, second, "killed at moment " + moment);
        }
        assertThat(moment).as("moments of a run").isGreaterThan(60);
    }

    @Test
    void resume_killedAgainAndAgain_equalsTheStraightRun() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        for (int trial = 0; trial < 20; trial++) {
            Path output = folder.resolve("often-" + trial);
            int deaths = 0;
            while (dies(output, random.nextInt(1, 40)) && deaths < 100) {
                deaths++;
            }
            assertThat(deaths).isBetween(1, 99);
            ToyModel last = run(config()).model();
            run(config()).in(output, last, new Interrupt(), TrainListener.none());
            assertEqualsStraight(output, last, "trial " + trial);
        }
    }

    /** Asked to stop after step 4: a checkpoint of step 4, though only every third is due, and the right exception. */
    @Test
    void resume_interrupted_equalsTheStraightRun() throws IOException {
        Path output = folder.resolve("interrupted");
        Interrupt interrupt = new Interrupt();
        ToyModel first = run(config()).model();
        assertThatThrownBy(() -> run(config()).in(output, first, interrupt, new TrainListener() {
                    @Override
                    public void onStep(StepMetrics step) {
                        if (step.step() == 4) {
                            interrupt.request();
                        }
                    }
                }))
                .isInstanceOf(InterruptedRunException.class)
                .hasMessageContaining("after step 4 of 10")
                .hasMessageContaining("step-4")
                .hasMessageContaining("resume=true");
        ToyModel second = run(config()).model();
        TrainSummary summary = run(config()).in(output, second, new Interrupt(), TrainListener.none());
        assertThat(summary.resumedFrom()).isEqualTo(4);
        assertEqualsStraight(output, second, "interrupted");
    }

    /** Asked before anything was done: nothing to save but the start, and that works too. */
    @Test
    void resume_interruptedAtOnce_equalsTheStraightRun() throws IOException {
        Path output = folder.resolve("at-once");
        Interrupt interrupt = new Interrupt();
        interrupt.request();
        assertThatThrownBy(() -> run(config()).in(output, run(config()).model(), interrupt, TrainListener.none()))
                .isInstanceOf(InterruptedRunException.class)
                .hasMessageContaining("after step 0 of 10");
        ToyModel second = run(config()).model();
        run(config()).in(output, second, new Interrupt(), TrainListener.none());
        assertEqualsStraight(output, second, "interrupted at once");
    }

    @Test
    void resume_finishedRun_changesNothing() throws IOException {
        ToyModel again = run(config()).model();
        TrainSummary summary = run(config()).in(straightRun, again, new Interrupt(), TrainListener.none());
        assertThat(summary.resumedFrom()).isEqualTo(10);
        assertThat(summary.last()).isNotNull();
        assertEqualsStraight(straightRun, again, "finished");
    }

    /** The newest checkpoint's files, one after another damaged by one bit: the run goes on from the one before. */
    @Test
    void resume_anyFileDamaged_equalsTheStraightRun() throws IOException {
        for (String name : List.of("table.bin", "optimizer.bin", "run_totals.json", "trainer_state.json")) {
            Path output = folder.resolve("damaged-" + name);
            stopAfter(7, output);
            assertThat(output.resolve("checkpoints").toFile().list()).containsExactlyInAnyOrder("step-6", "step-7");
            flipBit(output.resolve("checkpoints/step-7").resolve(name));
            ToyModel second = run(config()).model();
            TrainSummary summary = run(config()).in(output, second, new Interrupt(), TrainListener.none());
            assertThat(summary.resumedFrom()).as(name).isEqualTo(6);
            assertEqualsStraight(output, second, name);
        }
    }

    /** A run never starts from the beginning because its checkpoints are bad: nothing is lost by saying so. */
    @Test
    void resume_allDamaged_isRefusedAndChangesNothing() throws IOException {
        Path output = folder.resolve("all-damaged");
        stopAfter(7, output);
        for (String step : List.of("step-6", "step-7")) {
            flipBit(output.resolve("checkpoints").resolve(step).resolve("optimizer.bin"));
        }
        String metrics = Files.readString(output.resolve("metrics.jsonl"));
        assertThatThrownBy(() -> run(config()).in(output, run(config()).model(), new Interrupt(), TrainListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("step-7 is damaged: optimizer.bin has checksum")
                .hasMessageContaining("step-6 is damaged: optimizer.bin has checksum");
        assertThat(output.resolve("metrics.jsonl")).hasContent(metrics.strip());
        assertThat(output.resolve("checkpoints").toFile().list()).containsExactlyInAnyOrder("step-6", "step-7");
    }

    private static void stopAfter(int last, Path output) {
        Interrupt interrupt = new Interrupt();
        assertThatThrownBy(() -> run(config()).in(output, run(config()).model(), interrupt, new TrainListener() {
                    @Override
                    public void onStep(StepMetrics step) {
                        if (step.step() == last) {
                            interrupt.request();
                        }
                    }
                }))
                .isInstanceOf(InterruptedRunException.class);
    }

    private static void flipBit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
    }

    /** With a constant rate, 6 steps prolonged to 10 are 10 steps. */
    @Test
    void resume_withMoreSteps_goesOn() throws IOException {
        TrainConfigBuilder constant = config().lrSchedulerType(LrSchedulerType.CONSTANT)
                .lrSchedulerKwargs(ScheduleShape.defaults())
                .warmupSteps(0);
        Path whole = folder.resolve("ten");
        run(constant).in(whole, run(constant).model(), new Interrupt(), TrainListener.none());
        Path prolonged = folder.resolve("six-and-four");
        run(constant.maxSteps(6)).in(prolonged, run(constant).model(), new Interrupt(), TrainListener.none());
        run(constant.maxSteps(10)).in(prolonged, run(constant).model(), new Interrupt(), TrainListener.none());
        assertThat(prolonged.resolve("metrics.jsonl")).hasSameTextualContentAs(whole.resolve("metrics.jsonl"));
    }

    @Test
    void resume_changedSettings_namesThem() {
        assertThatThrownBy(() -> run(config().seed(1).learningRate(0.06))
                        .in(straightRun, run(config()).model(), new Interrupt(), TrainListener.none()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("learning_rate: was 0.05, is 0.06; seed: was 42, is 1");
    }

    @Test
    void resume_changedRows_areRefused() {
        ToyRun other = new ToyRun(config().build(), ToyRows.make(13, 22), 0.4);
        assertThatThrownBy(() -> other.in(straightRun, other.model(), new Interrupt(), TrainListener.none()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("data.rows_checksum");
    }

    /** Whether the process died; false when it came to its end before the moment came. */
    private static boolean dies(Path output, int moment) {
        Mortal mortal = new Mortal(run(config()).model(), moment);
        try {
            run(config()).in(output, mortal, new Interrupt(), mortal);
            return false;
        } catch (Mortal.Killed killed) {
            return true;
        }
    }

    /** Without where it was resumed; the clock stands still, so times are alike. */
    private static JsonNode summary(Path output) throws IOException {
        ObjectNode summary = (ObjectNode)
                new ObjectMapper().readTree(output.resolve("summary.json").toFile());
        assertThat(summary.path("train_loss").isNumber()).isTrue();
        return summary.without("resumed_from");
    }

    private void assertEqualsStraight(Path output, ToyModel model, String what) throws IOException {
        assertThat(Files.readString(output.resolve("metrics.jsonl")))
                .as(what)
                .isEqualTo(Files.readString(straightRun.resolve("metrics.jsonl")));
        assertThat(model.parameters()).as(what).containsExactly(straight.parameters());
        assertThat(output.resolve("model/table.bin")).hasSameBinaryContentAs(straightRun.resolve("model/table.bin"));
        assertThat(summary(output)).as(what).isEqualTo(summary(straightRun));
        assertThat(output.resolve("checkpoints").toFile().list())
                .as(what)
                .contains("step-10")
                .hasSizeLessThan(3);
    }
}
