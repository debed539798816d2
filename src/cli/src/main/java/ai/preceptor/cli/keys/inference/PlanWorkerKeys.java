package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A simulation of workers: how many, and what the parts of a step take. */
public record PlanWorkerKeys(
        @Key(
                help = "simulates a policy run with so many workers, for example [1, 2, 4, 8]",
                defaultText = "none is simulated",
                range = "[1, 1024]")
        @Nullable
        List<Integer> workers,

        @Key(
                help = "directory of a policy run with one generator or worker and the same batch: its times are used",
                defaultText = "times are estimated",
                path = PathKind.DIRECTORY)
        @Nullable
        Path run,

        @Key(
                help = "seconds in which one worker samples a step's answers",
                defaultText = "as measured in run, or estimated",
                range = "[0, 1e6]")
        @Nullable
        Double samplingTime,

        @Key(
                help = "share of sampling_time that does not shrink when a worker gets fewer prompts",
                defaultText = "as estimated: reading the weights for each token",
                range = "[0, 1]")
        @Nullable
        Double samplingFixedShare,

        @Key(
                help = "standard deviation of a prompt's part of sampling_time, divided by its mean",
                defaultValue = "0",
                range = "[0, 100]")
        double samplingSpread,

        @Key(
                help = "seconds in which one scorer scores a step's answers",
                defaultText = "as measured in run, or 0",
                range = "[0, 1e6]")
        @Nullable
        Double scoringTime,

        @Key(
                help = "scorers in the learner's process; each worker has one too",
                defaultValue = "1",
                range = "[1, 256]",
                effect = KeyEffect.EXECUTION)
        int scorerInstances,

        @Key(
                help = "seconds from a step's answers to new weights",
                defaultText = "as measured in run, or estimated",
                range = "(0, 1e6]")
        @Nullable
        Double learningTime,

        @Key(
                help =
                        "seconds in which weights are written, and loaded by a worker; their transfer at link_bandwidth is added",
                defaultText = "as measured in run, or 0",
                range = "[0, 1e6]")
        @Nullable
        Double publicationTime,

        @Key(help = "maximum age of an answer, in weight publications", defaultValue = "0", range = "[0, 1024]")
        int maxStaleness,

        @Key(
                help = "processor cores of one machine that the learner and all workers share, one each",
                defaultText = "each process has its own",
                range = "(0, 65536]")
        @Nullable
        Double cores)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (workers != null && workers.isEmpty()) {
            checks.refuse("workers", "expected a number or more, found an empty list");
        }
        if (workers == null) {
            Map<String, String> unused = new LinkedHashMap<>();
            DefaultSettings.keys(PlanWorkerKeys.class).forEach(key -> unused.put(key, "workers"));
            UnusedKeys.refuse(this, unused, checks);
        }
    }

    /** Cores, or infinitely many. */
    public double sharedCores() {
        return Objects.requireNonNullElse(cores, Double.POSITIVE_INFINITY);
    }
}
