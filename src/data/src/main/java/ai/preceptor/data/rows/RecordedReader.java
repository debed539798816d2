package ai.preceptor.data.rows;

import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Problem;
import ai.preceptor.data.Score;
import ai.preceptor.data.source.RowCursor;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.source.RowFiles;
import ai.preceptor.data.source.RowPlace;
import ai.preceptor.data.source.RowPlaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads recorded answers, and joins the lines of single answers that belong to one prompt. */
final class RecordedReader {
    private final Path file;
    private final RecordedLimits limits;
    private final OnBadRow onBadRow;
    private final RowCounts counts = new RowCounts();
    private final List<RecordedAnswers> rows = new ArrayList<>();
    private final RowPlaces places = new RowPlaces();

    /** The prompt whose answers are being read, and the place of its first. */
    private @Nullable RecordedRow open;

    private final BadRows bad = new BadRows();

    /** Prompts of which a line was refused: they do not say how many answers a prompt has. */
    private final Set<List<Object>> incomplete = new HashSet<>();

    /** Whether the line before was refused and did not say whose it is. */
    private boolean afterUnknown;

    private RowPlace openedAt;
    private int expected;

    RecordedReader(Path file, RecordedLimits limits, OnBadRow onBadRow) {
        this.file = file;
        this.limits = limits;
        this.onBadRow = onBadRow;
        this.openedAt = RowPlace.line(file, 0);
        this.expected = limits.answers();
    }

    /** @param maxRows how many prompts to read from the start; 0 or less for all */
    Dataset<RecordedAnswers> read(int maxRows) {
        try (RowCursor cursor = RowFiles.of(file).open()) {
            while ((maxRows <= 0 || counts.rowsRead() < maxRows) && !bad.isFull() && cursor.advance()) {
                row(cursor);
            }
        }
        if (maxRows <= 0 || counts.rowsRead() < maxRows) {
            finishOpen();
        }
        bad.throwIfAny();
        if (rows.isEmpty()) {
            throw DataException.in(file, "nothing to learn from: " + counts.whyNothingIsLeft());
        }
        return new Dataset<>(rows, places.list(), counts.report());
    }

    private void row(RowCursor cursor) {
        RecordedRow row;
        try {
            row = RecordedRow.parse(DatasetReader.row(cursor), limits);
        } catch (RowException e) {
            counts.read();
            refuse(cursor.place(), e.reason(), e);
            miss(cursor);
            return;
        }
        if (afterUnknown && row.group() != null) {
            incomplete.add(row.group());
        }
        afterUnknown = false;
        RecordedRow before = open;
        if (before != null && row.group() != null && Objects.equals(before.group(), row.group())) {
            open = joined(before, row);
            return;
        }
        finishOpen();
        open = row;
        openedAt = cursor.place();
        if (row.group() == null) {
            finishOpen();
        }
    }

    /** Notes whose line the refused one is; if it does not say, it may be of the prompt before or of the next. */
    private void miss(RowCursor cursor) {
        try {
            incomplete.add(RecordedRow.group(DatasetReader.row(cursor)));
        } catch (RowException unknown) {
            if (open != null && open.group() != null) {
                incomplete.add(open.group());
            }
            afterUnknown = true;
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
        if (expected == 0 && done.group() != null && incomplete.contains(done.group())) {
            refuse(openedAt, "not all answers to this prompt can be read", null);
            return;
        }
        int answers = expected == 0 ? done.answers().completions().size() : expected;
        Optional<Problem> problem = limits.problem(done.answers(), answers);
        if (problem.isPresent()) {
            refuse(openedAt, problem.get().toString(), null);
            return;
        }
        expected = answers;
        rows.add(done.answers());
        places.add(openedAt);
    }

    private void refuse(RowPlace place, String reason, @Nullable Exception cause) {
        String located = place + ": " + reason;
        if (onBadRow == OnBadRow.FAIL) {
            bad.add(located, cause);
        } else {
            counts.skip(located);
        }
    }
}
