package ai.preceptor.cli.console;

import ai.preceptor.cli.report.MethodResult;
import java.util.List;

/** The table that ends a recipe: one row a method. */
public final class ResultTable {
    private final List<MethodResult> results;

    /** @param results in the order to show */
    public ResultTable(List<MethodResult> results) {
        this.results = List.copyOf(results);
    }

    /** The table for a terminal. */
    public List<String> lines() {
        TextTable table = new TextTable(MethodResult.titles());
        results.forEach(result -> table.row(result.cells()));
        return table.lines();
    }
}
