package ai.preceptor.distill;

import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Taps;
import java.util.ArrayList;
import java.util.List;

/**
 * Several teachers of every row.
 *
 * @param sources of each
 * @param shares of each, 0 or more, at least one above 0; divided by their sum
 * @param blend how they are one
 */
@SuppressWarnings("ArrayRecordComponent") // numbers to compute with, compared by nobody
public record SeveralTeachers(List<DistributionSource> sources, double[] shares, TeacherDistributions.Blend blend)
        implements DistributionSource {

    @Override
    public TeacherDistributions of(List<TokenRow> rows, PackedBatch batch, Taps wanted) {
        List<TeacherDistributions> all = new ArrayList<>();
        try {
            for (DistributionSource source : sources) {
                all.add(source.of(rows, batch, wanted));
            }
        } catch (RuntimeException e) {
            all.forEach(TeacherDistributions::close);
            throw e;
        }
        return TeacherDistributions.several(all, shares, blend);
    }
}
