/**
 * Keys of {@code curate}.
 *
 * <p><b>Takes</b> what the configuration says. <b>Gives</b> records that the command runs from. <b>Leaves to others</b>:
 * reading files of keys ({@code cli.yaml}, {@code cli.config}), the settings of filters ({@code teacher.curate}).
 */
@NullMarked
package ai.preceptor.cli.keys.curation;

import org.jspecify.annotations.NullMarked;
