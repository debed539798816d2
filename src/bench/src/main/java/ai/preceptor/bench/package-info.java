/**
 * Benchmarks, built only with the {@code bench} profile.
 *
 * <p><b>Takes</b> the modules as they are.
 * <b>Gives</b> timings.
 * <b>Leaves to others</b>: the default build.
 */
@NullMarked
package ai.preceptor.bench;

import org.jspecify.annotations.NullMarked;
