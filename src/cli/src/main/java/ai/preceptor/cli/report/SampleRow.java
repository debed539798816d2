package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Html;
import java.util.List;

/**
 * One prompt and what each model answers.
 *
 * @param prompt as text
 * @param answers in the order of the methods, the start first
 */
public record SampleRow(String prompt, List<MethodAnswer> answers) {
    /** Copies the list. */
    public SampleRow {
        answers = List.copyOf(answers);
    }

    void draw(Html html) {
        html.open("section", "class=sample").element("h3", prompt);
        html.open("dl");
        answers.forEach(answer -> html.element("dt", answer.method()).element("dd", answer.text()));
        html.close().close();
    }

    /**
     * One model's answer.
     *
     * @param method whose it is
     * @param text the answer
     */
    public record MethodAnswer(String method, String text) {}
}
