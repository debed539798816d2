/**
 * Settings as records declare them: one annotation a component says help, default, range and what a path points to.
 *
 * <p><b>Takes</b> records whose components carry {@link ai.preceptor.data.setting.Key}, and text. <b>Gives</b> checks and
 * suggestions. <b>Leaves to others</b>: where settings are read from ({@code cli.config}, {@code serve}), and what they
 * mean: a record of settings stands in the module that uses it.
 */
@NullMarked
package ai.preceptor.data.setting;

import org.jspecify.annotations.NullMarked;
