package ai.preceptor.distill;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Taps;
import java.util.Arrays;
import java.util.List;

/**
 * A model beside the student's, which sees the rows as they are meant for it ({@link TokenRow#seenBy}). Where a row has other
 * tokens for it, the n-th loss token of the one stands for the n-th of the other, and what the longer one has more stands
 * alone.
 *
 * @param model the teacher; somebody else closes it
 * @param index which of the teachers it is, counted from 0
 */
public record ModelTeacher(LanguageModel model, int index) implements DistributionSource {

    @Override
    public TeacherDistributions of(List<TokenRow> rows, PackedBatch batch, Taps wanted) {
        if (rows.stream().allMatch(row -> row.view().seen().isEmpty())) {
            return model.teach(batch, wanted);
        }
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> row.seenBy(index).packInto(builder));
        PackedBatch seen = builder.build();
        boolean same =
                rows.stream().allMatch(row -> row.targets() == row.seenBy(index).targets());
        return same ? model.teach(seen, wanted) : model.teachPlaced(seen, places(rows, batch.targets().length));
    }

    private int[] places(List<TokenRow> rows, int targets) {
        int[] places = new int[targets];
        Arrays.fill(places, -1);
        int mine = 0;
        int theirs = 0;
        for (TokenRow row : rows) {
            int own = row.targets();
            int seen = row.seenBy(index).targets();
            for (int i = 0; i < Math.min(own, seen); i++) {
                places[mine + i] = theirs + i;
            }
            mine += own;
            theirs += seen;
        }
        return places;
    }
}
