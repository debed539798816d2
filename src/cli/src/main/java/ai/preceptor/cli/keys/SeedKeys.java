package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of a recipe that is run by several seeds. */
public record SeedKeys(
        @Key(
                help = "seeds: the stages run once for each, in directories seed-N; results are reported as mean "
                        + "and sample standard deviation; replaces a seed at the top",
                range = "[0, inf)")
        @Nullable
        List<Long> seeds,

        @Key(
                help = "first stage to run for each seed; those before it run once, for all seeds",
                defaultText = "the first stage")
        @Nullable
        String seedsFrom)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (seeds == null) {
            if (seedsFrom != null) {
                checks.refuse("seeds_from", "requires seeds, which is not set");
            }
        } else if (seeds.isEmpty() || new HashSet<>(seeds).size() < seeds.size()) {
            checks.refuse("seeds", "expected at least one, each different from the others; found " + seeds);
        }
    }
}
