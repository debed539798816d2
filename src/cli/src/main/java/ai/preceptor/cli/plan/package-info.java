/**
 * What training a model needs, before it is loaded: memory by part and time of a step, for weights or an adapter, on one
 * device or several.
 *
 * <p>Takes: a model's configuration and figures of a machine. Gives: estimates, a class a concern, as a table and JSON.
 * Leaves to others: measuring the machine, keys, files.
 */
@NullMarked
package ai.preceptor.cli.plan;

import org.jspecify.annotations.NullMarked;
