/**
 * Runs of an MLflow tracking server, by its REST API.
 *
 * <p>Takes: lines of a run, and {@code MLFLOW_*} of the environment. Gives: an experiment's run with parameters, metrics and a
 * status. Leaves to others: reading the run's files, and when to try again.
 */
@NullMarked
package ai.preceptor.track.mlflow;

import org.jspecify.annotations.NullMarked;
