package ai.preceptor.jinja;

/** An expression. */
interface Expr extends Declaring {
    /** @throws EvaluationError if it has no value */
    Object eval(Frame frame);
}
