package ai.preceptor.cli.recipe;

import java.nio.file.Path;

/**
 * The name of a stage as it runs.
 *
 * @param own as it stands in the recipe
 * @param round which round it belongs to, from 1; 0 for a stage that runs once
 */
public record StageName(String own, int round) {
    /** In the run directory, and in references. */
    static final String ROUND = "round-";

    /** Of its directory, relative to the run directory, and in everything that is printed. */
    String full() {
        return round == 0 ? own : ROUND + round + "/" + own;
    }

    /** Its directory. */
    Path in(Path output) {
        return output.resolve(full());
    }
}
