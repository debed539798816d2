/**
 * From a YAML file and {@code key=value} arguments to an immutable record.
 *
 * <p>Takes: a record type whose components carry {@link ai.preceptor.data.setting.Key}, at most one YAML file, and
 * overrides. Gives: the record, or one {@link ai.preceptor.data.ConfigurationException} that lists every problem with
 * its position. The annotations on the records are the only home of defaults, ranges and explanations; help texts and the
 * resolved {@code config.yaml} are generated from them. Leaves to others: what the keys mean; and to
 * {@link ai.preceptor.cli.yaml} the text itself.
 */
@NullMarked
package ai.preceptor.cli.config;

import org.jspecify.annotations.NullMarked;
