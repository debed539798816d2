package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.value.EvaluationError;

/** Computes the value of an expression from the variables. */
@FunctionalInterface
public interface Evaluator {
    /** @throws EvaluationError if the expression has no value */
    Object eval(Frame frame);
}
