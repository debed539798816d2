package ai.preceptor.cli.keys.training;

import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import org.jspecify.annotations.Nullable;

/** Which answers {@code distill} trains on, by TRL's names. */
public record AnswerKeys(
        @Key(
                help = "share of batches whose answers the student generates with its current weights",
                defaultValue = "0",
                range = "[0, 1]")
        double lmbda,

        @Key(
                help = "lmbda: answers to each prompt of such a batch; it becomes as many micro-batches",
                defaultValue = "1",
                range = "[1, inf)")
        int numGenerations,

        @Key(
                help = "let the teacher answer every prompt before training, and train on its answers",
                defaultValue = "false")
        boolean seqKd,

        @Key(help = "maximum number of tokens of a generated answer", defaultValue = "128", range = "[1, inf)")
        int maxNewTokens,

        @Key(help = "temperature of generated answers, 0 for greedy", defaultText = "temperature", range = "[0, inf)")
        @Nullable
        Double samplingTemperature) {
    /** The default of {@code max_new_tokens}. */
    static final int USUAL = new DefaultSettings<>(AnswerKeys.class).make().maxNewTokens();
}
