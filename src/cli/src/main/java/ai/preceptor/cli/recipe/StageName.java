package ai.preceptor.cli.recipe;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The name of a stage as it runs.
 *
 * @param own as it stands in the recipe
 * @param round which round it belongs to, from 1; 0 for a stage that runs once
 * @param seed which of the recipe's seeds it belongs to; null for a stage that runs once for all
 */
public record StageName(String own, int round, @Nullable Long seed) {
    /** In the run directory, and in references. */
    static final String ROUND = "round-";

    /** In the run directory. */
    static final String SEED = "seed-";

    /** One of a recipe without seeds. */
    public StageName(String own, int round) {
        this(own, round, null);
    }

    /** Of its directory, relative to the run directory, and in everything that is printed. */
    String full() {
        return seed == null ? withRound() : SEED + seed + "/" + withRound();
    }

    /** The same among the stages of its seed. */
    String withRound() {
        return round == 0 ? own : ROUND + round + "/" + own;
    }

    /** Its directory. */
    Path in(Path output) {
        return output.resolve(full());
    }
}
