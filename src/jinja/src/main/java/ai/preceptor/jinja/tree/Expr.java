package ai.preceptor.jinja.tree;

import java.util.Set;

/**
 * An expression of a statement.
 *
 * @param evaluator computes its value
 * @param names the variables it reads
 */
public record Expr(Evaluator evaluator, Set<String> names) {
    Object eval(Frame frame) {
        return evaluator.eval(frame);
    }

    /** Tells the enclosing scope which names are read there. */
    void declare(Symbols symbols) {
        names.forEach(symbols::load);
    }
}
