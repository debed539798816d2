/**
 * What Python itself brings along: operators, attributes, methods, formats, and the functions every template can call.
 *
 * <p><b>Takes</b> values and arguments. <b>Gives</b> values; nothing a template passes in is changed. <b>Leaves to
 * others</b>: the values themselves and their order ({@code value}); filters and tests ({@code filter}).
 *
 * <p>{@code Rendering} is what one rendering shares. For the packages of {@code jinja} only.
 */
@NullMarked
package ai.preceptor.jinja.builtin;

import org.jspecify.annotations.NullMarked;
