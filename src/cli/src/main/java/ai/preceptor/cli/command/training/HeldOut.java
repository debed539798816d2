package ai.preceptor.cli.command.training;

import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.training.HeldOutKeys;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.rows.Split;
import ai.preceptor.policy.evaluation.HeldOutPrompts;
import ai.preceptor.policy.evaluation.HeldOutSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Training rows and held-out rows.
 *
 * @param train rows to train on
 * @param test rows to judge by; may be empty
 */
public record HeldOut<R extends Prompted>(List<R> train, List<R> test) {
    /** What was learnt from, where rows were held out of it. */
    public static final String TRAIN = "train.jsonl";
    /** What was held out, for later stages to judge by. */
    public static final String TEST = "heldout.jsonl";

    /**
     * Reads what the keys ask for. A split is written into the run directory.
     *
     * @param seed decides which prompts are held out of {@code data}
     */
    static <R extends Prompted> HeldOut<R> read(
            DataKeys data, HeldOutKeys keys, long seed, RowFormat<R> format, StageRun run) {
        RowFormat.Reader<R> reader = format.reader();
        List<R> rows = run.rows(data, reader);
        if (keys.evalData() != null) {
            List<R> test = run.rows(keys.evalData(), reader.read(keys.evalData(), 0, data.onBadRow()));
            return new HeldOut<>(rows, test);
        }
        if (keys.evalRows() == null) {
            return new HeldOut<>(rows, List.of());
        }
        if (keys.evalRows() >= rows.size()) {
            throw new ConfigurationException(
                    "eval_rows: expected fewer than the " + rows.size() + " rows of data, found " + keys.evalRows());
        }
        Split<R> split = Split.byPrompt(rows, keys.evalRows(), seed);
        format.write(run.path(TRAIN), split.train());
        format.write(run.path(TEST), split.heldOut());
        return new HeldOut<>(split.train(), split.heldOut());
    }

    /**
     * Prompts that a learner is measured on during its run.
     *
     * @param file of them; null for none
     */
    static @Nullable HeldOutPrompts prompts(
            @Nullable Path file,
            HeldOutSettings settings,
            RowFormat.Reader<Prompt> reader,
            OnBadRow onBadRow,
            StageRun run) {
        return file == null ? null : new HeldOutPrompts(run.rows(file, reader.read(file, 0, onBadRow)), settings);
    }
}
