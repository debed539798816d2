package ai.preceptor.app.keys;

import ai.preceptor.Preceptor;
import ai.preceptor.app.config.Checks;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.LoadOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who scores: the directory of a reward model, by its reward; of a language model, by the mean log-probability it gives
 * an answer's tokens; or {@code rule:NAME}.
 *
 * @param path a directory, or the rule
 */
public record Teacher(Path path) {
    /** Opens it. */
    public Scorer open(Preceptor preceptor, LoadOptions options) {
        Optional<NamedRule> rule = NamedRule.of(path);
        return rule.isPresent() ? rule.get().scorer() : preceptor.scorer(path, options);
    }

    /** Refuses a rule that there is not, as the value of {@code key}. */
    public void check(Checks checks, String key) {
        if (path.toString().startsWith(NamedRule.PREFIX) && NamedRule.of(path).isEmpty()) {
            checks.refuse(key, "expected one of " + NamedRule.listed() + ", found " + path);
        }
    }
}
