package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import org.jspecify.annotations.Nullable;

/** Whose answers {@code distill} learns on, by TRL's names. */
public record AnswerKeys(
        @Key(
                help = "share of batches whose answers the student writes itself, with its weights of that step",
                standard = "0",
                range = "[0, 1]")
        double lmbda,

        @Key(help = "before training, have the teacher answer every prompt and learn on that", standard = "false")
        boolean seqKd,

        @Key(help = "most tokens of an answer that is written", standard = "128", range = "[1, inf)")
        int maxNewTokens,

        @Key(
                help = "sharpness of written answers, 0 for the likeliest token; temperature if left out",
                range = "[0, inf)")
        @Nullable
        Double samplingTemperature) {}
