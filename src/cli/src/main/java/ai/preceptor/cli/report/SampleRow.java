package ai.preceptor.cli.report;

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

    /**
     * One model's answer.
     *
     * @param method whose it is
     * @param text the answer
     */
    public record MethodAnswer(String method, String text) {}
}
