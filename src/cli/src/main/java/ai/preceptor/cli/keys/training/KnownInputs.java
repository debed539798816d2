package ai.preceptor.cli.keys.training;

import ai.preceptor.data.DataException;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.source.RowCursor;
import ai.preceptor.data.source.RowFiles;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.weights.ModelSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Compares settings with inputs that are there when a configuration is read, so that a run, or the last stage of a recipe,
 * is refused before anything starts. What an earlier stage will write, and what cannot be read, is left to the command.
 */
final class KnownInputs {
    private KnownInputs() {}

    /**
     * Refuses an answer that leaves no room for a prompt in the model's context.
     *
     * @param key of {@code answer}
     * @param maxLength most tokens of a prompt with its answer
     */
    static void checkAnswer(Path model, String key, int answer, int maxLength, Checks checks) {
        OptionalInt context = answer < maxLength ? context(model) : OptionalInt.empty(); // else max_length is refused
        if (context.isPresent() && answer >= context.getAsInt()) {
            checks.refuse(
                    key,
                    "expected less than the model's context of " + context.getAsInt()
                            + " tokens, which prompts need some of, found " + answer);
        }
    }

    /**
     * Refuses more held-out rows than there are.
     *
     * @param data files of rows
     * @param maxRows how many are read of it; null for all
     */
    static void checkHeldOut(HeldOutKeys heldOut, Path data, @Nullable Integer maxRows, Checks checks) {
        if (heldOut.evalRows() == null) {
            return;
        }
        OptionalLong rows = rows(data, heldOut.evalRows() + 1L);
        long read = Math.min(rows.orElse(Long.MAX_VALUE), maxRows == null ? Long.MAX_VALUE : maxRows);
        if (heldOut.evalRows() >= read) {
            checks.refuse(
                    "eval_rows", "expected fewer than the " + read + " rows of data, found " + heldOut.evalRows());
        }
    }

    private static OptionalInt context(Path model) {
        if (!Files.exists(model)) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(
                    DecoderConfig.read(ModelSource.of(model).base()).maxPositionEmbeddings());
        } catch (DataException toldByTheCommand) {
            return OptionalInt.empty();
        }
    }

    /** Rows of files of JSON lines, or {@code most} if there are at least as many; nothing for other files. */
    private static OptionalLong rows(Path data, long most) {
        try {
            RowFiles files = RowFiles.of(data);
            if (!files.areJsonLines() || !files.files().stream().allMatch(Files::isRegularFile)) {
                return OptionalLong.empty();
            }
            try (RowCursor rows = files.open()) {
                long count = 0;
                while (count < most && rows.advance()) {
                    count++;
                }
                return OptionalLong.of(count);
            }
        } catch (DataException toldByTheCommand) {
            return OptionalLong.empty();
        }
    }
}
