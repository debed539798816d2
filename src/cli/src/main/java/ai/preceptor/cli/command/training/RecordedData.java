package ai.preceptor.cli.command.training;

import ai.preceptor.RecordedRollouts;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.rows.RecordedAnswers;
import ai.preceptor.data.rows.RecordedLimits;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.policy.PolicySettings;
import java.nio.file.Path;

/**
 * Recorded answers, read and checked before a model loads.
 *
 * @param files measures the prompts
 * @param limits of the answers
 */
record RecordedData(PromptFiles files, RecordedLimits limits) {
    /** The recorded answers of a policy run. */
    static RecordedRollouts read(PolicyConfig keys, Path file, StageRun run) {
        PolicySettings policy = keys.policy();
        PromptFiles files = PromptFiles.of(
                keys.student(), keys.training(), policy.maxCompletionLength(), "max_completion_length", keys.scorer());
        Integer answers = policy.numGenerations();
        RecordedLimits limits = new RecordedLimits(
                files.config().vocabSize(), policy.maxCompletionLength(), answers == null ? 0 : answers);
        RecordedRollouts rollouts = new RecordedData(files, limits)
                .read(file, keys.data().limit(), keys.data().onBadRow(), run);
        PolicySettings resolved = rollouts.resolve(policy);
        check(keys, resolved);
        if (!keys.scorer().isGiven() && keys.needsScores()) {
            rollouts.check(files.config().vocabSize(), resolved);
        }
        return rollouts;
    }

    /** The rows of a file, told to the run. */
    RecordedRollouts read(Path file, int maxRows, OnBadRow onBadRow, StageRun run) {
        RowFormat.Reader<RecordedAnswers> reader =
                files.measured((from, most, bad) -> Datasets.recordedAnswers(from, limits, most, bad));
        Dataset<RecordedAnswers> rows = reader.read(file, maxRows, onBadRow);
        run.rows(file, rows);
        return RecordedRollouts.of(file, rows);
    }

    /** What could not be checked before the number of answers was known. */
    private static void check(PolicyConfig keys, PolicySettings resolved) {
        Refusals refusals = Refusals.none();
        if (keys.advantages() == null) { // else the user's own says how many answers it needs
            resolved.check(resolved.credit(), refusals);
        }
        resolved.check(keys.training(), refusals);
        refusals.throwIfAny();
    }
}
