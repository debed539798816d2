/**
 * Filters and tests: what {@code value | name(...)} and {@code value is name(...)} do.
 *
 * <p><b>Takes</b> a name, a value and arguments. <b>Gives</b> a value, or true or false. <b>Leaves to others</b>: methods
 * of values and operators ({@code builtin}). Start with {@code FunctionTable}. For the parser and
 * its tree only.
 */
@NullMarked
package ai.preceptor.jinja.filter;

import org.jspecify.annotations.NullMarked;
