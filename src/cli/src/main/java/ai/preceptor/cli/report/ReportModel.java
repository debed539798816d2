package ai.preceptor.cli.report;

import java.util.List;

/**
 * Everything a report says. An empty list leaves its chapter out.
 *
 * @param title name of the run
 * @param summary one or two sentences: what was done with what
 * @param stages in the order they ran
 * @param results one row a method
 * @param frontier reward over KL for every method; the picture that shows what a reward was paid for
 * @param curves learning curves
 * @param chapters further parts, such as a reward model's accuracy
 * @param samples before and after
 * @param data where rows came from and what became of them
 * @param config text of the resolved {@code config.yaml}
 */
public record ReportModel(
        String title,
        String summary,
        List<StageRow> stages,
        List<MethodResult> results,
        Curve frontier,
        List<Curve> curves,
        List<Chapter> chapters,
        List<SampleRow> samples,
        List<DataRow> data,
        String config) {
    /** Copies the lists. */
    public ReportModel {
        stages = List.copyOf(stages);
        results = List.copyOf(results);
        curves = List.copyOf(curves);
        chapters = List.copyOf(chapters);
        samples = List.copyOf(samples);
        data = List.copyOf(data);
    }

    /** A report without further parts. */
    public ReportModel(
            String title,
            String summary,
            List<StageRow> stages,
            List<MethodResult> results,
            Curve frontier,
            List<Curve> curves,
            List<SampleRow> samples,
            List<DataRow> data,
            String config) {
        this(title, summary, stages, results, frontier, curves, List.of(), samples, data, config);
    }

    /** The same report with these further parts. */
    public ReportModel with(List<Chapter> further) {
        return new ReportModel(title, summary, stages, results, frontier, curves, further, samples, data, config);
    }
}
