package ai.preceptor.app.keys;

import ai.preceptor.app.config.Checked;
import ai.preceptor.app.config.Checks;
import ai.preceptor.app.config.Group;
import ai.preceptor.app.config.Key;
import ai.preceptor.distill.LearntTokens;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code sft}. */
public record SftConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Text") TextKeys text,
        @Group(title = "Held out") HeldOutKeys heldOut,
        @Group(title = "Run") OutputKeys output,

        @Key(help = "learn completions only; false learns prompts too", standard = "true")
        boolean completionOnlyLoss,

        @Key(help = "learn only what the chat template's generation blocks write", standard = "false")
        boolean assistantOnlyLoss,

        @Group(title = "Training", standards = "learning_rate=2e-5")
        TrainingKeys training,

        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, Checked {
    /** Which tokens of a row are learnt. */
    public LearntTokens learnt() {
        if (assistantOnlyLoss) {
            return LearntTokens.ASSISTANT;
        }
        return completionOnlyLoss ? LearntTokens.COMPLETION : LearntTokens.ALL;
    }

    @Override
    public void check(Checks checks) {
        if (assistantOnlyLoss && !completionOnlyLoss) {
            checks.refuse(
                    "completion_only_loss",
                    "expected true when assistant_only_loss is set, found false: prompts are not" + " the assistant's");
        }
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
