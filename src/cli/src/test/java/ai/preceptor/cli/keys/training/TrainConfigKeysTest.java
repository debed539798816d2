package ai.preceptor.cli.keys.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.cli.config.Settings;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.train.TrainConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainConfigKeysTest {
    /** The loop's own defaults and the ones that the help text shows are one truth. */
    @Test
    void config_nothingGiven_equalsTheLoopsDefaults() {
        assertThat(read()).isEqualTo(TrainConfig.defaults());
    }

    @Test
    void config_everyKeyGiven_arrives() {
        TrainConfig config = read(
                "batch_size=2",
                "gradient_accumulation_steps=3",
                "num_train_epochs=0.5",
                "max_steps=9",
                "learning_rate=1e-3",
                "lr_scheduler_type=cosine_with_min_lr",
                "lr_scheduler_kwargs.min_lr_rate=0.1",
                "warmup_steps=4",
                "weight_decay=0.01",
                "adam_beta1=0.8",
                "adam_beta2=0.95",
                "adam_epsilon=1e-6",
                "max_grad_norm=0",
                "max_length=77",
                "over_length=refuse",
                "logging_steps=1",
                "save_steps=5",
                "save_total_limit=2",
                "seed=7",
                "shuffle=false",
                "resume=true",
                "eval_steps=3",
                "load_best_model_at_end=true",
                "metric_for_best_model=eval_loss",
                "greater_is_better=false",
                "early_stopping_patience=2",
                "early_stopping_threshold=0.1");
        assertThat(config.toString())
                .isEqualTo("TrainConfig[batchSize=2, gradientAccumulationSteps=3, numTrainEpochs=0.5, maxSteps=9, "
                        + "learningRate=0.001, lrSchedulerType=COSINE_WITH_MIN_LR, lrSchedulerKwargs=ScheduleShape["
                        + "minLr=null, minLrRate=0.1, lrEnd=null, power=null, numCycles=null, "
                        + "timescale=null], warmupSteps=4, warmupRatio=0.0, weightDecay=0.01, adamBeta1=0.8, "
                        + "adamBeta2=0.95, adamEpsilon=1.0E-6, maxGradNorm=0.0, maxLength=77, overLength=REFUSE, "
                        + "loggingSteps=1, saveSteps=5, saveTotalLimit=2, seed=7, shuffle=false, resume=true, "
                        + "evaluation=EvaluationSettings[evalSteps=3, loadBestModelAtEnd=true, "
                        + "metricForBestModel=eval_loss, greaterIsBetter=false, earlyStoppingPatience=2, "
                        + "earlyStoppingThreshold=0.1]]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_steps=0 | max_steps: expected an integer in [1, inf), found 0",
                "num_train_epochs=0 | num_train_epochs: expected a number in (0, 1000000000), found 0",
                "batch_size=0 | batch_size: expected an integer in [1, inf), found 0",
                "learning_rate=-1e-4 | learning_rate: expected a number in (0, inf), found -1e-4",
                "learning_rate=nan | learning_rate: expected a number in (0, inf), found \"nan\"",
                "warmup_steps=5 max_steps=4 | warmup_steps: expected at most max_steps 4, found 5",
                "warmup_steps=5 warmup_ratio=0.1 | warmup_ratio: expected 0 when warmup_steps is given (5), found 0.1",
                "lr_scheduler_type=cosine_with_min_lr | lr_scheduler_type: lr_scheduler_kwargs: cosine_with_min_lr needs"
                        + " exactly one of min_lr and min_lr_rate, found neither"
            })
    void read_impossibleValue_isRefused(String arguments, String problem) {
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> read(arguments.split(" ")));
        assertThat(refused).hasMessage("command line: " + problem);
    }

    @Test
    void read_constantWithWarmup_namesTheShapeThatTakesIt() {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class, () -> read("lr_scheduler_type=constant", "warmup_ratio=0.1"));
        assertThat(refused)
                .hasMessageStartingWith("command line: lr_scheduler_type: ")
                .hasMessageContaining("constant_with_warmup");
    }

    private static TrainConfig read(String... arguments) {
        return Settings.of(TrainConfig.class).arguments(List.of(arguments)).read();
    }
}
