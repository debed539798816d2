package ai.preceptor.lm.chat;

/** An expression. */
interface Expr extends Declaring {
    /** @throws EvaluationError if it has no value */
    Object eval(Frame frame);
}
