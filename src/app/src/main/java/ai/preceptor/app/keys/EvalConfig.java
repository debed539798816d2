package ai.preceptor.app.keys;

import ai.preceptor.app.config.Checked;
import ai.preceptor.app.config.Checks;
import ai.preceptor.app.config.Group;
import ai.preceptor.app.config.Key;
import ai.preceptor.app.config.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code eval}. */
public record EvalConfig(
        @Group(title = "Model") StudentKeys student,

        @Key(help = "the model before training: what win rate and KL compare with", path = PathKind.MODEL) @Nullable
        Path baseline,

        @Key(help = "who judges: a reward model, or a language model that scores by likelihood", path = PathKind.MODEL)
        @Nullable
        Path teacher,

        @Key(help = "reward model whose mean reward is reported", path = PathKind.MODEL) @Nullable
        Path rewardModel,

        @Group(title = "Data") DataKeys data,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Sampling") SamplingKeys sampling,

        @Key(help = "answers to each prompt", standard = "1", range = "[1, inf)")
        int numGenerations,

        @Key(help = "seed of sampling", standard = "42") long seed,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, Checked {
    @Override
    public void check(Checks checks) {
        if (teacher != null && baseline == null) {
            checks.refuse("teacher", "expected a baseline to compare with, found none");
        }
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
