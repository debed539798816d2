package ai.preceptor.distill;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;

/** Which tokens of a row are trained on, by TRL's names. */
public record LearntTokens(
        @Key(help = "compute the loss on completions only; false includes prompts", defaultValue = "true")
        boolean completionOnlyLoss,

        @Key(
                help = "compute the loss only on the output of the chat template's generation blocks",
                defaultValue = "false")
        boolean assistantOnlyLoss) {
    /** @throws ai.preceptor.data.ConfigurationException when only the assistant's tokens but prompts too are asked for */
    public LearntTokens {
        Refusals refusals = Refusals.of(LearntTokens.class, completionOnlyLoss, assistantOnlyLoss);
        if (assistantOnlyLoss && !completionOnlyLoss) {
            refusals.refuse(
                    "completion_only_loss",
                    "expected true when assistant_only_loss is set, found false: prompts are not the assistant's");
        }
        refusals.throwIfAny();
    }

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
}
