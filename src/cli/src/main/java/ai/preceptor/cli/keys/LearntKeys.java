package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.distill.LossTokens;

/** Which tokens of a row are learnt, by TRL's names. */
public record LearntKeys(
        @Key(help = "compute the loss on completions only; false includes prompts", standard = "true")
        boolean completionOnlyLoss,

        @Key(help = "compute the loss only on the output of the chat template's generation blocks", standard = "false")
        boolean assistantOnlyLoss)
        implements Checked {
    /** As objectives take it. */
    public LossTokens tokens() {
        if (assistantOnlyLoss) {
            return LossTokens.ASSISTANT;
        }
        return completionOnlyLoss ? LossTokens.COMPLETION : LossTokens.ALL;
    }

    /** The same for distillation, which takes the last of bare messages as the completion. */
    public LossTokens lastTurns() {
        return tokens() == LossTokens.COMPLETION ? LossTokens.LAST_TURN : tokens();
    }

    @Override
    public void check(Checks checks) {
        if (assistantOnlyLoss && !completionOnlyLoss) {
            checks.refuse(
                    "completion_only_loss",
                    "expected true when assistant_only_loss is set, found false: prompts are not the assistant's");
        }
    }
}
