/**
 * Python's values, how they compare and how they are written, and the limits on what a template may do with them.
 *
 * <p><b>Takes</b> plain Java values: {@code String}, {@code Long}, {@code BigInteger}, {@code Double} and
 * {@code Boolean} stand for themselves. <b>Gives</b> the containers and Python's rules for them. <b>Leaves to
 * others</b>: operators, methods and filters.
 *
 * <p>{@code Limits} are checked by {@code Budget}; what goes wrong is an {@code EvaluationError}, which gets its line
 * from {@code ChatTemplate}. For the packages of {@code jinja} only.
 */
@NullMarked
package ai.preceptor.jinja.value;

import org.jspecify.annotations.NullMarked;
