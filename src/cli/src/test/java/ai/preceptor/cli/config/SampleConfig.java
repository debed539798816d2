package ai.preceptor.cli.config;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Section;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One key of every kind. */
public record SampleConfig(
        @Key(help = "the student", required = true) String model,

        @Group(title = "Training", defaults = "learning_rate=1e-6")
        SampleTraining training,

        @Key(help = "strength", defaultValue = "0.1", range = "[0, inf)")
        double beta,

        @Key(help = "losses", defaultValue = "[sigmoid]") List<Loss> lossType,

        @Key(help = "weights of the losses", range = "(0, inf)") @Nullable
        List<Double> lossWeights,

        @Key(help = "rows", path = PathKind.FILE) @Nullable Path data,
        @Key(help = "seed", defaultValue = "42") long seed,

        @Section(help = "reward model", defaults = "learning_rate=1e-4")
        SampleTraining reward,

        @Section(help = "second chance") @Nullable SampleTraining retry) {

    public enum Loss {
        SIGMOID,
        HINGE,
        SIGMOID_NORM
    }

    public record SampleTraining(
            @Key(help = "step size", defaultValue = "5e-5", range = "[0, inf)")
            double learningRate,

            @Key(help = "rows a step", defaultValue = "8", range = "[1, inf)")
            int batchSize,

            @Key(help = "steps", range = "[1, inf)") @Nullable
            Integer maxSteps,

            @Key(help = "steps of warm-up", defaultValue = "0", range = "[0, inf)")
            int warmupSteps,

            @Key(help = "shuffle the rows", defaultValue = "true")
            boolean shuffle)
            implements Checked {
        @Override
        public void check(Checks checks) {
            if (maxSteps != null && warmupSteps > maxSteps) {
                checks.refuse("warmup_steps", "expected at most max_steps " + maxSteps + ", found " + warmupSteps);
            }
        }
    }
}
