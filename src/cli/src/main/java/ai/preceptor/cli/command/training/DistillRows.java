package ai.preceptor.cli.command.training;

import ai.preceptor.cli.command.EncodableRows;
import ai.preceptor.cli.keys.training.DistillConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.distill.OnPolicyRows;
import ai.preceptor.distill.RowViews;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.train.rows.OverLength;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code distill}, encoded and measured before a model loads: one that cannot be encoded is a bad row, as is one whose
 * prompt leaves no room for the student's own answers, unless such rows are to be dropped later.
 *
 * @param keys of the run
 * @param trained whether rows are learnt from, so that the student may answer them
 */
record DistillRows(DistillConfig keys, boolean trained) implements RowFormat.Reader<Demonstration> {
    @Override
    public Dataset<Demonstration> read(Path file, int maxRows, OnBadRow onBadRow) {
        RowViews views = keys.views();
        OnPolicyRows.Room room = room();
        AtomicInteger fitting = new AtomicInteger();
        Dataset<Demonstration> rows = new EncodableRows<>(
                        RowFormat.DEMONSTRATIONS.reader(),
                        keys.student().files(),
                        keys.text().promptBoundary(),
                        (row, encoder) -> {
                            TokenRow encoded = views.encode(row, encoder);
                            encoded.packInto(PackedBatch.builder());
                            fitting.addAndGet(room == null || fits(encoded, room) ? 1 : 0);
                        })
                .read(file, maxRows, onBadRow);
        if (fitting.get() == 0) {
            throw DataException.in(
                    file,
                    "no rows to train on: none of " + rows.size() + " leaves room for answers of the student's own, of"
                            + " up to max_new_tokens " + keys.answers().maxNewTokens() + " with max_length "
                            + keys.training().maxLength() + " and the contexts of student and teachers");
        }
        return rows;
    }

    private OnPolicyRows.@Nullable Room room() {
        if (!trained || keys.answers().lmbda() == 0) {
            return null;
        }
        Path base =
                ModelSource.of(keys.student().model(), keys.student().adapter()).base();
        int context = DecoderConfig.read(base).maxPositionEmbeddings();
        return keys.options().room(keys.training().maxLength(), context, keys.teachers());
    }

    private boolean fits(TokenRow row, OnPolicyRows.Room room) {
        try {
            room.require(row);
            return true;
        } catch (EncodingException tooLong) {
            if (keys.training().overLength() == OverLength.REFUSE) {
                throw tooLong;
            }
            return false;
        }
    }
}
