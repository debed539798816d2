package ai.preceptor.cli.keys.training;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.policy.evaluation.EvaluationSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Evaluation on held-out prompts during the run. */
public record PolicyEvaluationKeys(
        @Key(help = "held-out prompts on which the policy is evaluated during the run", path = PathKind.FILE) @Nullable
        Path evalData,

        @Group(title = "Evaluation during the run") EvaluationSettings settings)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (evalData == null && !settings.equals(EvaluationSettings.defaults())) {
            checks.refuse("eval_data", "expected a file where other keys of the evaluation are given, found none");
        }
    }
}
