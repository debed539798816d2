package ai.preceptor.cli.command.evaluation;

import ai.preceptor.cli.keys.RuleKeys;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.closing.Closing;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rules of an evaluation as scorers.
 *
 * @param scorers by the names that they are reported under; closed with this
 */
record OpenRules(Map<String, Scorer> scorers) implements AutoCloseable {
    /**
     * Opens all, or none.
     *
     * @throws ai.preceptor.data.ConfigurationException if a user's own cannot be made
     */
    static OpenRules of(Map<String, RuleKeys> rules) {
        OpenRules open = new OpenRules(new LinkedHashMap<>());
        try {
            rules.forEach((name, rule) -> open.scorers.put(name, rule.open()));
            return open;
        } catch (RuntimeException e) {
            try {
                open.close();
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        Closing.all(scorers.values(), Scorer::close);
    }
}
