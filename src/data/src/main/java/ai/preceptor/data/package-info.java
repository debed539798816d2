/**
 * The values that flow through Preceptor and the interfaces that its modules share.
 *
 * <p><b>Gives</b> immutable values ({@link ai.preceptor.data.Prompt}, {@link ai.preceptor.data.Preference}, {@link
 * ai.preceptor.data.RankedGroup}, {@link ai.preceptor.data.Demonstration}, {@link ai.preceptor.data.Trajectory}), the
 * interfaces {@link ai.preceptor.data.Scorer} and {@link ai.preceptor.data.TrajectorySource}, and the exceptions every module
 * may throw. <b>Takes</b> their parts, and checks them. <b>Leaves to others</b>: {@code data.rows} reads and writes rows,
 * {@code data.files} files, {@code data.setting} declares settings; everything with tensors, tokens or models is above.
 */
@NullMarked
package ai.preceptor.data;

import org.jspecify.annotations.NullMarked;
