package ai.preceptor.cli.keys;

import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.setting.Key;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A rule that scores answers: one that the program has, or a user's own. */
public record RuleKeys(
        @Key(help = "rule that scores answers; in eval one that is not used in training, to detect reward hacking")
        @PartOf(
                value = {ToDoubleFunction.class, Scorer.class},
                names = AnswerRule.class)
        @Nullable
        Part rule) {
    /** Whether there is one. */
    public boolean isGiven() {
        return rule != null;
    }

    /**
     * The one that there is, as a scorer; the caller closes it.
     *
     * @throws ai.preceptor.data.ConfigurationException if a user's own cannot be made
     */
    public Scorer open() {
        return OwnRule.scorer(Objects.requireNonNull(rule, "given"));
    }
}
