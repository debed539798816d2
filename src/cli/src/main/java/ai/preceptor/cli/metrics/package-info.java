/**
 * Meters of a running process, for Prometheus to collect.
 *
 * <p>Takes: the steps of a run and any other registered meters. Gives: {@code /metrics} on loopback. Leaves to others:
 * measuring.
 */
@NullMarked
package ai.preceptor.cli.metrics;

import org.jspecify.annotations.NullMarked;
