/**
 * What a configuration says, before it has types: a tree of texts, each with the place where it was written.
 *
 * <p>Takes: YAML, and {@code key=value} arguments. Gives: {@link ai.preceptor.cli.yaml.Raw} values, and the list that
 * collects what is wrong with them; also keys as YAML again. Leaves to {@link ai.preceptor.cli.config}: which keys there
 * are and what their values mean.
 */
@NullMarked
package ai.preceptor.cli.yaml;

import org.jspecify.annotations.NullMarked;
