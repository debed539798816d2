/**
 * What a setting may be, in whatever way it arrives: the intervals of its legal values, and the name that a misspelt one most
 * likely meant.
 *
 * <p><b>Takes</b> text. <b>Gives</b> checks and suggestions. <b>Leaves to others</b>: where settings are read from
 * ({@code cli.config}, {@code serve}).
 */
@NullMarked
package ai.preceptor.data.setting;

import org.jspecify.annotations.NullMarked;
