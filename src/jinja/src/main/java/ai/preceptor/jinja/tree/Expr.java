package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.value.EvaluationError;

/** An expression. */
public interface Expr extends Declaring {
    /** @throws EvaluationError if it has no value */
    Object eval(Frame frame);
}
