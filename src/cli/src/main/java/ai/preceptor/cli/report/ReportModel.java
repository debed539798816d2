package ai.preceptor.cli.report;

import java.util.List;

/**
 * The content of a report. An empty list leaves its part out.
 *
 * @param title name of the run
 * @param summary one or two sentences: what was done with what
 * @param chapters results, curves and what else there is of figures, in the order to show
 * @param samples before and after
 * @param stages in the order they ran
 * @param data the data files and the counts of their rows
 * @param config text of the resolved {@code config.yaml}
 */
public record ReportModel(
        String title,
        String summary,
        List<Chapter> chapters,
        List<SampleRow> samples,
        List<StageRow> stages,
        List<DataRow> data,
        String config) {
    /** Copies the lists. */
    public ReportModel {
        chapters = List.copyOf(chapters);
        samples = List.copyOf(samples);
        stages = List.copyOf(stages);
        data = List.copyOf(data);
    }
}
