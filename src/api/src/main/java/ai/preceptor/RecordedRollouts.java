package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Problem;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.RecordedAnswers;
import ai.preceptor.data.rows.RecordedLimits;
import ai.preceptor.data.source.RowPlace;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.PolicySettingsBuilder;
import ai.preceptor.policy.correction.CorrectionSettings;
import ai.preceptor.policy.correction.CorrectionSettingsBuilder;
import ai.preceptor.ranking.online.OnlineSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers that were sampled before, to learn from instead of sampling: in their order, or shuffled anew in every epoch.
 *
 * @param rows a prompt each, at least one
 * @param places what each is called in messages, such as file and line
 * @param scorer scores the answers, in the place of scores that were recorded; stays open. Null for the recorded scores
 */
public record RecordedRollouts(
        List<RecordedAnswers> rows,
        List<String> places,
        @Nullable Scorer scorer) {

    /** @throws IllegalArgumentException if there is no row, or not as many places */
    public RecordedRollouts {
        rows = List.copyOf(rows);
        places = List.copyOf(places);
        if (rows.isEmpty() || rows.size() != places.size()) {
            throw new IllegalArgumentException(
                    "rows: " + rows.size() + ", places: " + places.size() + ", expected as many, at least 1");
        }
    }

    /** Rows with the scores that were recorded. */
    public static RecordedRollouts of(List<RecordedAnswers> rows) {
        List<String> places = IntStream.range(0, rows.size())
                .mapToObj(row -> "recorded row " + row + " (0-based)")
                .toList();
        return new RecordedRollouts(rows, places, null);
    }

    /** The rows of a file, with the scores that were recorded. */
    public static RecordedRollouts of(Path file, Dataset<RecordedAnswers> rows) {
        List<String> places = rows.places().stream().map(RowPlace::toString).toList();
        return new RecordedRollouts(rows.rows(), places, null);
    }

    /** The same, scored by this in the place of what was recorded. */
    public RecordedRollouts scoredBy(Scorer other) {
        return new RecordedRollouts(rows, places, other);
    }

    /** Whether all rows have scores, so that no scorer is needed. */
    public boolean isScored() {
        return scorer != null || rows.stream().allMatch(row -> row.scores() != null);
    }

    /**
     * Settings with the defaults that recorded answers have: {@code num_generations} is the number of answers to a prompt,
     * and the old log-probabilities are recomputed, since another engine may have sampled.
     */
    public PolicySettings resolve(PolicySettings settings) {
        PolicySettingsBuilder resolved = PolicySettingsBuilder.builder(settings);
        if (settings.numGenerations() == null) {
            resolved.numGenerations(rows.get(0).completions().size());
        }
        CorrectionSettings correction = settings.correction();
        if (correction.recomputeOldLogps() == null) {
            resolved.correction(CorrectionSettingsBuilder.builder(correction)
                    .recomputeOldLogps(true)
                    .build());
        }
        return resolved.build();
    }

    /**
     * The same for preferences that are learnt online.
     *
     * @throws ConfigurationException if it is a single answer to a prompt
     * @throws DataException if tools wrote some of an answer's tokens
     */
    public OnlineSettings resolve(OnlineSettings settings) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).completions().stream().anyMatch(one -> one.allIds().length > one.length())) {
                throw new DataException(places.get(i) + ": tool_mask: expected 1 for every token where preferences are"
                        + " learnt online, which is not done with tools, found 0");
            }
        }
        if (settings.numGenerations() != null) {
            return settings;
        }
        int recorded = rows.get(0).completions().size();
        if (recorded < 2) {
            throw new ConfigurationException(
                    "num_generations: expected 2 or more answers to a prompt to compare, found " + recorded + " at "
                            + places.get(0));
        }
        return settings.generating(recorded);
    }

    /**
     * Refuses rows that cannot be learnt from with these settings.
     *
     * @param vocabulary the student's: token ids are below it
     * @param settings resolved
     * @throws DataException naming the first such row, its field, the value and what is legal
     */
    public void check(int vocabulary, PolicySettings settings) {
        check(new RecordedLimits(vocabulary, settings.maxCompletionLength(), settings.generations()));
    }

    /**
     * Refuses rows that cannot be learnt from within these limits, which say how many answers each has.
     *
     * @throws DataException as above
     */
    public void check(RecordedLimits limits) {
        for (int i = 0; i < rows.size(); i++) {
            Optional<Problem> problem = limits.problem(rows.get(i), limits.answers());
            if (problem.isPresent()) {
                throw new DataException(places.get(i) + ": " + problem.get());
            }
            if (scorer == null && rows.get(i).scores() == null) {
                throw new DataException(places.get(i)
                        + ": scores: missing, expected one per answer, or a scorer: one of reward_model, teacher,"
                        + " teacher_url and rule");
            }
        }
    }
}
