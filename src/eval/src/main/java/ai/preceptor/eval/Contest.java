package ai.preceptor.eval;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;

/**
 * A new answer against a baseline's to the same prompt.
 *
 * @param prompt what was asked
 * @param answer the answer of the model that is measured
 * @param baseline the answer it is measured against
 */
public record Contest(Prompt prompt, Text answer, Text baseline) {}
