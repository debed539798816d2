package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.train.rows.OverLength;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.schedule.ScheduleShape;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainConfigTest {

    /** As transformers.TrainingArguments and trl.DPOConfig say them. */
    @Test
    void defaults_areThoseOfTransformersAndTrl() {
        TrainConfig config = TrainConfig.defaults();
        assertThat(config.batchSize()).isEqualTo(8);
        assertThat(config.gradientAccumulationSteps()).isEqualTo(1);
        assertThat(config.numTrainEpochs()).isEqualTo(3);
        assertThat(config.maxSteps()).isNull();
        assertThat(config.learningRate()).isEqualTo(5e-5);
        assertThat(config.lrSchedulerType()).isEqualTo(LrSchedulerType.LINEAR);
        assertThat(config.adamBeta2()).isEqualTo(0.999);
        assertThat(config.adamEpsilon()).isEqualTo(1e-8);
        assertThat(config.maxGradNorm()).isEqualTo(1);
        assertThat(config.maxLength()).isEqualTo(1024);
        assertThat(config.overLength()).isEqualTo(OverLength.DROP);
        assertThat(config.loggingSteps()).isEqualTo(10);
        assertThat(config.saveSteps()).isEqualTo(500);
        assertThat(config.seed()).isEqualTo(42);
    }

    @Test
    void build_severalWrongValues_namesAllWithTheirRanges() {
        assertThatThrownBy(() -> TrainConfig.builder()
                        .batchSize(0)
                        .maxSteps(0)
                        .learningRate(Double.NaN)
                        .adamBeta1(1)
                        .warmupRatio(1)
                        .maxGradNorm(-1)
                        .saveSteps(-1)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("batch_size: expected an integer in [1, inf), found 0")
                .hasMessageContaining("max_steps: expected an integer in [1, inf), found 0")
                .hasMessageContaining("learning_rate: expected a number in (0, inf), found NaN")
                .hasMessageContaining("adam_beta1: expected a number in [0, 1), found 1.0")
                .hasMessageContaining("warmup_ratio: expected a number in [0, 1), found 1.0")
                .hasMessageContaining("max_grad_norm: expected a number in [0, ")
                .hasMessageContaining("save_steps: expected an integer in [0, inf), found -1");
    }

    @Test
    void build_contradictions_areRefused() {
        assertThatThrownBy(() ->
                        TrainConfig.builder().warmupSteps(3).warmupRatio(0.1).build())
                .hasMessageContaining("warmup_ratio: expected 0 when warmup_steps is given (3), found 0.1");
        assertThatThrownBy(() -> TrainConfig.builder()
                        .lrSchedulerType(LrSchedulerType.CONSTANT)
                        .warmupRatio(0.1)
                        .build())
                .hasMessageContaining("constant_with_warmup");
        assertThatThrownBy(() -> TrainConfig.builder()
                        .lrSchedulerType(LrSchedulerType.COSINE_WITH_MIN_LR)
                        .build())
                .hasMessageContaining("exactly one of min_lr and min_lr_rate");
    }

    /** A run of an earlier version goes on: what it noted of its schedule is still what is noted. */
    @Test
    void runSpec_schedule_isNotedAsBefore() {
        TrainConfig config = TrainConfig.builder()
                .lrSchedulerType(LrSchedulerType.COSINE_WITH_MIN_LR)
                .lrSchedulerKwargs(ScheduleShape.minLrRate(0.1))
                .build();
        assertThat(config.runSpec("", Map.of()).identity())
                .containsEntry(
                        "lr_scheduler_kwargs",
                        "ScheduleShape[minLr=null, minLrRate=0.1, lrEndOrNull=null, powerOrNull=null, cycles=null,"
                                + " timescaleOrNull=null]");
        assertThat(TrainConfig.defaults().runSpec("", Map.of()).identity())
                .containsEntry(
                        "lr_scheduler_kwargs",
                        "ScheduleShape[minLr=null, minLrRate=null, lrEndOrNull=null, powerOrNull=null, cycles=null,"
                                + " timescaleOrNull=null]");
    }

    @Test
    void build_warmupLongerThanTheRun_isRefused() {
        assertThatThrownBy(
                        () -> TrainConfig.builder().maxSteps(4).warmupSteps(5).build())
                .hasMessage("warmup_steps: expected at most max_steps 4, found 5");
    }

    /** 2.5 epochs of 3 steps are 7.5 steps, so 8; warm-up of a tenth of 25 is 2.5, so 3. Both round up, as there. */
    @Test
    void totalSteps_andWarmup_roundUp() {
        TrainConfig config =
                TrainConfig.builder().numTrainEpochs(2.5).warmupRatio(0.1).build();
        assertThat(config.totalSteps(3)).isEqualTo(8);
        assertThat(config.schedule(25).warmupSteps()).isEqualTo(3);
        assertThat(TrainConfig.builder().maxSteps(5).build().totalSteps(3)).isEqualTo(5);
    }

    @Test
    void runSpec_leavesOutWhatOnlyWatchesSavesOrProlongs() {
        TrainConfig config = TrainConfig.defaults();
        TrainConfig watched = TrainConfig.builder()
                .loggingSteps(1)
                .saveSteps(3)
                .saveTotalLimit(2)
                .maxSteps(9)
                .resume(true)
                .build();
        assertThat(watched.runSpec("", Map.of("model", "m")).identity())
                .isEqualTo(config.runSpec("", Map.of("model", "m")).identity())
                .containsEntry("model", "m")
                .containsEntry("learning_rate", "5.0E-5");
        assertThat(TrainConfig.builder().seed(1).build().runSpec("", Map.of()).identity())
                .isNotEqualTo(config.runSpec("", Map.of()).identity());
        assertThat(watched.runSpec("", Map.of()).maxSteps()).isEqualTo(9);
        assertThat(config.runSpec("", Map.of()).maxSteps()).isNull();
    }
}
