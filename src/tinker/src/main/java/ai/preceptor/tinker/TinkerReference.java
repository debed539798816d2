package ai.preceptor.tinker;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.reference.Reference;
import org.jspecify.annotations.Nullable;

/** The untrained model on a service: one whose adapter stays as it was made, which changes nothing. */
public final class TinkerReference implements Reference.FrozenModel, AutoCloseable {
    private final TinkerService service;
    private final int rank;
    private final int vocabulary;
    private @Nullable RemoteModel model;

    TinkerReference(TinkerService service, int rank, int vocabulary) {
        this.service = service;
        this.rank = rank;
        this.vocabulary = vocabulary;
    }

    /** @throws ai.preceptor.data.TeacherException if the service does not answer */
    @Override
    public float[] logprobs(PackedBatch batch) {
        PackedSequences sequences = PackedSequences.of(batch, vocabulary);
        RemoteModel open = model == null ? service.model(rank, 0) : model;
        model = open;
        return sequences.gather(open.forward(sequences.data()));
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
    }
}
