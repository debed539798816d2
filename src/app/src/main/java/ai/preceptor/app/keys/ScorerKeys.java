package ai.preceptor.app.keys;

import ai.preceptor.app.config.Checked;
import ai.preceptor.app.config.Checks;
import ai.preceptor.app.config.Key;
import ai.preceptor.app.config.PathKind;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who scores sampled answers: exactly one of these. */
public record ScorerKeys(
        @Key(help = "reward model that scores the answers", path = PathKind.MODEL) @Nullable
        Path rewardModel,

        @Key(help = "or: a teacher that scores them, by its reward or its likelihood", path = PathKind.MODEL) @Nullable
        Path teacher,

        @Key(help = "or: a rule that scores them") @Nullable AnswerRule rule)
        implements Checked {
    @Override
    public void check(Checks checks) {
        long given =
                Stream.of(rewardModel, teacher, rule).filter(Objects::nonNull).count();
        if (given != 1) {
            checks.refuse("reward_model", "expected exactly one of reward_model, teacher and rule, found " + given);
        }
    }
}
