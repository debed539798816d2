/**
 * Meters of a running process, for Prometheus and OpenTelemetry to collect.
 *
 * <p>Takes: the steps of a run and any other registered meters. Gives: {@code /metrics} on loopback, and what a collector is sent.
 * Leaves to others: measuring.
 */
@NullMarked
package ai.preceptor.cli.metrics;

import org.jspecify.annotations.NullMarked;
