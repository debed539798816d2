package ai.preceptor.reward.process;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;
import org.jspecify.annotations.Nullable;

/**
 * What is learnt of rows of labeled steps, by TRL's names and defaults.
 *
 * @param stepSeparator put after each step, at least one character; stored with the model; null for {@link #LINE_FEED}
 * @param trainOnLastStepOnly whether only the last step of an answer is learnt from
 */
public record StepSettings(
        @Key(help = "rows of steps: text after each step", defaultText = "a line feed") @Nullable
        String stepSeparator,

        @Key(help = "rows of steps: train on the label of an answer's last step only", defaultValue = "false")
        boolean trainOnLastStepOnly) {
    /** The default separator. */
    public static final String LINE_FEED = "\n";

    /** @throws ai.preceptor.data.ConfigurationException if the separator is empty */
    public StepSettings {
        Refusals refusals = Refusals.of(StepSettings.class, stepSeparator, trainOnLastStepOnly);
        if (stepSeparator != null && stepSeparator.isEmpty()) {
            refusals.refuse("step_separator", "expected at least one character, found \"\"");
        }
        refusals.throwIfAny();
    }

    /** The separator. */
    public String separator() {
        return stepSeparator == null ? LINE_FEED : stepSeparator;
    }
}
