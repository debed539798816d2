package ai.preceptor.cli.keys.cluster;

import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.RuleKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What workers of {@code elicit} are told: how the student answers, and who scores with them, if somebody does. */
public record AnswersJob(
        @Group(title = "Student") StudentKeys student,

        @Key(help = "teacher that scores by reward or likelihood", path = PathKind.MODEL) @Nullable
        Path teacher,

        @Group(title = "Teacher") RuleKeys rule,
        @Group(title = "Your own parts") PluginKeys plugins,
        @Group(title = "Sampling") SamplingSettings sampling,

        @Key(help = "answers per prompt", defaultValue = "1", range = "[1, 65536]")
        int numGenerations,

        @Key(help = "seed for sampling", defaultValue = "42")
        long seed,

        @Group(title = "Steps of sampling") DecodeSettings decode) {

    /** Whether they score. */
    public boolean scores() {
        return teacher != null || rule.isGiven();
    }

    /** How the teacher is loaded. */
    public LoadOptions scoring() {
        return new LoadOptions(student.dtype(), false);
    }
}
