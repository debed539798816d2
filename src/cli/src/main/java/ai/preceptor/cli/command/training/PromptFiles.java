package ai.preceptor.cli.command.training;

import ai.preceptor.cli.command.EncodableRows;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.training.ScorerKeys;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.run.PromptRoom;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.rows.OverLength;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Files of prompts that a run answers, read and measured before a model loads.
 *
 * @param student that answers
 * @param config what {@code config.json} says of it
 * @param room for a prompt
 * @param overLength what a longer one does
 * @param scorer of the answers
 */
record PromptFiles(
        StudentKeys student, DecoderConfig config, PromptRoom room, OverLength overLength, ScorerKeys scorer) {
    /**
     * For a run with these keys.
     *
     * @param answer most tokens of an answer
     * @param key of that. An answer that leaves no room for a prompt is not refused here
     */
    static PromptFiles of(StudentKeys student, TrainConfig training, int answer, String key, ScorerKeys scorer) {
        Path base = ModelSource.of(student.model(), student.adapter()).base();
        DecoderConfig config = DecoderConfig.read(base);
        int longest = Math.min(training.maxLength(), config.maxPositionEmbeddings());
        return new PromptFiles(student, config, new PromptRoom(longest - answer, key), training.overLength(), scorer);
    }

    /** Rows whose prompts can be answered; one that is too long is a bad row if it is not to be dropped later. */
    <R extends Prompted> RowFormat.Reader<R> measured(RowFormat.Reader<R> reader) {
        return (file, maxRows, onBadRow) -> {
            AtomicInteger fitting = new AtomicInteger();
            EncodableRows<R> encodable = new EncodableRows<>(
                    scorer.checked(reader),
                    student.files(),
                    Boundary.REFUSE,
                    (row, encoder) -> fitting.addAndGet(fits(row, encoder) ? 1 : 0));
            Dataset<R> rows = encodable.read(file, maxRows, onBadRow);
            if (fitting.get() == 0 && room.tokens() > 0) {
                throw DataException.in(file, room.noneFits(rows.size()));
            }
            return rows;
        };
    }

    private boolean fits(Prompted row, PromptEncoder encoder) {
        int tokens = encoder.prompt(row.prompt()).length;
        if (tokens < 1 || (tokens > room.tokens() && overLength == OverLength.REFUSE)) {
            throw new EncodingException("prompt: expected 1 to " + room.tokens() + " tokens, what max_length or the"
                    + " model's context leaves after " + room.key() + ", found " + tokens);
        }
        return tokens <= room.tokens();
    }
}
