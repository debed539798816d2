package ai.preceptor.cli.command.curation;

import ai.preceptor.cli.plugin.OwnCodeException;
import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.teacher.curate.Drop;
import ai.preceptor.teacher.curate.RowFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user's own filter, whose failures are told as its own.
 *
 * @param own the instance
 */
record OwnFilter(RowFilter own) implements RowFilter {
    @Override
    public String name() {
        return own.getClass().getSimpleName();
    }

    @Override
    public List<@Nullable Drop> judge(List<SourceRow> rows) {
        List<@Nullable Drop> verdicts;
        try {
            verdicts = own.judge(rows);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw new OwnCodeException(e);
        }
        return verdicts;
    }
}
