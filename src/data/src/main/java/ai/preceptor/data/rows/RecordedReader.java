package ai.preceptor.data.rows;

import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Problem;
import ai.preceptor.data.Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads recorded answers, and joins the lines of single answers that belong to one prompt. */
final class RecordedReader {
    private final Path file;
    private final RecordedLimits limits;
    private final OnBadRow onBadRow;
    private final RowCounts counts = new RowCounts();
    private final List<RecordedAnswers> rows = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();

    /** The prompt whose answers are being read, and the line of its first. */
    private @Nullable RecordedRow open;

    private final BadRows bad = new BadRows();
    private long openedAt;
    private int expected;

    RecordedReader(Path file, RecordedLimits limits, OnBadRow onBadRow) {
        this.file = file;
        this.limits = limits;
        this.onBadRow = onBadRow;
        this.expected = limits.answers();
    }

    /** @param maxRows how many prompts to read from the start; 0 or less for all */
    Dataset<RecordedAnswers> read(int maxRows) {
        try (LineReader lines = LineReader.open(file)) {
            while ((maxRows <= 0 || counts.rowsRead() < maxRows) && !bad.isFull() && lines.advance()) {
                if (!lines.blank()) {
                    line(lines);
                }
            }
        }
        if (maxRows <= 0 || counts.rowsRead() < maxRows) {
            finishOpen();
        }
        bad.throwIfAny();
        if (rows.isEmpty()) {
            throw DataException.in(file, "nothing to learn from: " + counts.whyNothingIsLeft());
        }
        return new Dataset<>(rows, numbers, counts.report());
    }

    private void line(LineReader lines) {
        RecordedRow row;
        try {
            row = RecordedRow.parse(DatasetReader.row(file, lines), limits);
        } catch (RowException e) {
            counts.read();
            refuse(lines.number(), e.reason(), e);
            return;
        }
        RecordedRow before = open;
        if (before != null && row.group() != null && Objects.equals(before.group(), row.group())) {
            open = joined(before, row);
            return;
        }
        finishOpen();
        open = row;
        openedAt = lines.number();
        if (row.group() == null) {
            finishOpen();
        }
    }

    private static RecordedRow joined(RecordedRow first, RecordedRow next) {
        List<Completion> completions = new ArrayList<>(first.answers().completions());
        completions.addAll(next.answers().completions());
        List<Score> scores = null;
        if (first.answers().scores() != null && next.answers().scores() != null) {
            scores = new ArrayList<>(first.answers().scores());
            scores.addAll(next.answers().scores());
        }
        return new RecordedRow(new RecordedAnswers(first.answers().prompt(), completions, scores), first.group());
    }

    private void finishOpen() {
        RecordedRow done = open;
        if (done == null) {
            return;
        }
        open = null;
        counts.read();
        int answers = expected == 0 ? done.answers().completions().size() : expected;
        Optional<Problem> problem = limits.problem(done.answers(), answers);
        if (problem.isPresent()) {
            refuse(openedAt, problem.get().toString(), null);
            return;
        }
        expected = answers;
        rows.add(done.answers());
        numbers.add(openedAt);
    }

    private void refuse(long line, String reason, @Nullable Exception cause) {
        String located = file + ":" + line + ": " + reason;
        if (onBadRow == OnBadRow.FAIL) {
            bad.add(located, cause);
        } else {
            counts.skip(located);
        }
    }
}
