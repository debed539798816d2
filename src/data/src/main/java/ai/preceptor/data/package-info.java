/**
 * The values that flow through Preceptor and the ports they meet at.
 *
 * <p><b>Takes</b> files of rows in TRL's formats (JSON lines, plain or gzip). <b>Gives</b> immutable
 * values ({@link ai.preceptor.data.Prompt}, {@link ai.preceptor.data.Preference}, {@link
 * ai.preceptor.data.RankedGroup}, {@link ai.preceptor.data.Demonstration}, {@link
 * ai.preceptor.data.Trajectory}), the ports {@link ai.preceptor.data.Scorer} and {@link
 * ai.preceptor.data.TrajectorySource}, splits that never separate the rows of one prompt, crash-safe
 * writing, and the exceptions every module may throw. <b>Leaves to others</b> everything with tensors, tokens or models.
 *
 * <p>A row's way in: {@link ai.preceptor.data.Datasets} reads a file line by line, refuses or skips
 * bad rows, drops rows nothing can be learnt from, and hands back a {@link
 * ai.preceptor.data.Dataset} whose {@link ai.preceptor.data.ReadReport} accounts for every row.
 */
@NullMarked
package ai.preceptor.data;

import org.jspecify.annotations.NullMarked;
