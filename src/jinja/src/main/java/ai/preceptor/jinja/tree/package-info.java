/**
 * The syntax tree of a template, which runs itself.
 *
 * <p><b>Takes</b> the nodes that the parser makes, and the variables of one rendering. <b>Gives</b> text and values.
 * <b>Leaves to others</b>: reading a template ({@code jinja}); what operators, filters and tests do.
 *
 * <p>{@code Statement} writes text, {@code Evaluator} computes a value; an {@code Expr} is an evaluator with the names it
 * reads. {@code Symbols} settles which scope owns a name before anything runs; {@code Frame} holds the values of one
 * scope. For the parser only.
 */
@NullMarked
package ai.preceptor.jinja.tree;

import org.jspecify.annotations.NullMarked;
