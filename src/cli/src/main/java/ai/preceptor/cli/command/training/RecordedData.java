package ai.preceptor.cli.command.training;

import ai.preceptor.RecordedRollouts;
import ai.preceptor.cli.command.EncodableRows;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.RecordedAnswers;
import ai.preceptor.data.rows.RecordedLimits;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.train.rows.OverLength;
import java.nio.file.Path;

/**
 * The recorded answers of a policy run, read and checked before a model loads.
 *
 * @param keys of the run
 * @param student what {@code config.json} says of it
 */
record RecordedData(PolicyConfig keys, DecoderConfig student) {
    static RecordedRollouts read(PolicyConfig keys, Path file, StageRun run) {
        StudentKeys student = keys.student();
        Path base = ModelSource.of(student.model(), student.adapter()).base();
        return new RecordedData(keys, DecoderConfig.read(base)).read(file, run);
    }

    private RecordedRollouts read(Path file, StageRun run) {
        PolicySettings policy = keys.policy();
        Integer answers = policy.numGenerations();
        RecordedLimits limits =
                new RecordedLimits(student.vocabSize(), policy.maxCompletionLength(), answers == null ? 0 : answers);
        EncodableRows<RecordedAnswers> reader = new EncodableRows<>(
                keys.scorer()
                        .rule()
                        .checked(
                                (from, maxRows, onBadRow) -> Datasets.recordedAnswers(from, limits, maxRows, onBadRow)),
                keys.student().model(),
                Boundary.REFUSE,
                this::requireRoom);
        Dataset<RecordedAnswers> rows =
                reader.read(file, keys.data().limit(), keys.data().onBadRow());
        run.rows(file, rows);
        RecordedRollouts rollouts = RecordedRollouts.of(file, rows);
        PolicySettings resolved = rollouts.resolve(policy);
        check(resolved);
        if (!keys.scorer().isGiven() && policy.algorithm() != PolicyAlgorithm.OPD) { // which needs no reward
            rollouts.check(student.vocabSize(), resolved);
        }
        return rollouts;
    }

    /** What could not be checked before the number of answers was known. */
    private void check(PolicySettings resolved) {
        Refusals refusals = Refusals.none();
        if (keys.advantages() == null) { // else the user's own says how many answers it needs
            resolved.check(refusals);
        }
        resolved.check(keys.training(), refusals);
        refusals.throwIfAny();
    }

    /** A prompt that is too long is refused here, if it is not to be dropped, so that file and line are told. */
    private void requireRoom(RecordedAnswers row, PromptEncoder encoder) {
        int tokens = encoder.prompt(row.prompt()).length;
        int room = Math.min(keys.training().maxLength(), student.maxPositionEmbeddings())
                - keys.policy().maxCompletionLength();
        if (tokens < 1 || (tokens > room && keys.training().overLength() == OverLength.REFUSE)) {
            throw new EncodingException(
                    "prompt: expected 1 to " + room + " tokens, what max_length or the model's context"
                            + " leaves beside max_completion_length, found " + tokens);
        }
    }
}
