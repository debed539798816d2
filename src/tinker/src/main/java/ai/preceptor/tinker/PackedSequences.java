package ai.preceptor.tinker;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Segment;
import ai.preceptor.lm.batch.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * A packed batch as whole sequences: one for each span, with its prompt, since a service shares no prompts. A span without targets
 * has none.
 *
 * @param data to be measured; targets of positions that the batch does not score are the tokens that follow them
 * @param scored for each sequence, the positions of its span's targets, in order
 * @param spans for each sequence, its span
 * @param targets number of targets of the batch
 */
record PackedSequences(List<Datum> data, List<int[]> scored, List<Span> spans, int targets) {
    /**
     * Takes a batch apart.
     *
     * @param vocabulary how many token ids there are
     * @throws IllegalArgumentException for targets that were drawn from a part of the vocabulary, for sources without a target, and
     *     for ids that are not in the vocabulary
     */
    static PackedSequences of(PackedBatch batch, int vocabulary) {
        if (!batch.supports().isEmpty()) {
            throw new IllegalArgumentException(
                    "a training service: expected tokens drawn from the whole vocabulary, found some"
                            + " drawn from a part of it (top_p, top_k, min_p)");
        }
        requireIn(batch.tokens(), vocabulary);
        requireIn(batch.targets(), vocabulary);
        Segment[] owners = new Segment[batch.rows()];
        for (Segment segment : batch.segments()) {
            for (int row = segment.start(); row < segment.end(); row++) {
                owners[row] = segment;
            }
        }
        List<Datum> data = new ArrayList<>();
        List<int[]> scored = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        for (Span span : batch.spans()) {
            if (span.length() > 0) {
                add(batch, owners[batch.sources()[span.to() - 1]], span, data, scored);
                spans.add(span);
            }
        }
        return new PackedSequences(data, scored, spans, batch.targets().length);
    }

    private static void requireIn(int[] ids, int vocabulary) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new IllegalArgumentException("a training service: expected token ids in [0, " + vocabulary
                        + "), the model's vocabulary, found " + id);
            }
        }
    }

    /** @param owner the segment that the span's last source lies in; the others lie there too, or at its prefix's end */
    private static void add(PackedBatch batch, Segment owner, Span span, List<Datum> data, List<int[]> scored) {
        int last = batch.sources()[span.to() - 1];
        int prefix = owner.prefixLength();
        int[] tokens = new int[prefix + last - owner.start() + 1];
        System.arraycopy(batch.tokens(), owner.prefixStart(), tokens, 0, prefix);
        System.arraycopy(batch.tokens(), owner.start(), tokens, prefix, tokens.length - prefix);
        int[] targets = new int[tokens.length];
        System.arraycopy(tokens, 1, targets, 0, tokens.length - 1);
        int[] places = new int[span.length()];
        for (int i = 0; i < places.length; i++) {
            int row = batch.sources()[span.from() + i];
            places[i] = row >= owner.start() ? prefix + row - owner.start() : row - owner.prefixStart();
            targets[places[i]] = batch.targets()[span.from() + i];
        }
        data.add(Datum.of(tokens, targets));
        scored.add(places);
    }

    /**
     * What a service measured, in the batch's order.
     *
     * @param measured {@code [sequences][positions]}
     * @return {@code [targets]}
     */
    float[] gather(List<float[]> measured) {
        float[] all = new float[targets];
        for (int i = 0; i < data.size(); i++) {
            int[] places = scored.get(i);
            for (int j = 0; j < places.length; j++) {
                all[spans.get(i).from() + j] = measured.get(i)[places[j]];
            }
        }
        return all;
    }

    /**
     * What is to be trained: for each sequence whose derivative is not 0, negative derivatives as advantages.
     *
     * @param measured as in {@link #gather}
     * @param derivative {@code [targets]}: of the loss by each log-probability
     */
    List<Datum> training(List<float[]> measured, float[] derivative) {
        List<Datum> trained = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            int[] places = scored.get(i);
            float[] advantages = new float[data.get(i).length()];
            boolean learns = false;
            for (int j = 0; j < places.length; j++) {
                float value = derivative[spans.get(i).from() + j];
                advantages[places[j]] = 0 - value; // 0 has no sign
                learns |= value != 0;
            }
            if (learns) {
                trained.add(data.get(i).training(measured.get(i), advantages));
            }
        }
        return trained;
    }
}
