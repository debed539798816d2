package ai.preceptor.run;

import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.teacher.curate.ModelPerplexity;
import ai.preceptor.teacher.curate.Perplexity;
import java.util.List;

/** A language model that tells perplexities; closing it closes the model it owns. */
public final class LocalPerplexity implements Perplexity, AutoCloseable {
    private final LoadedModel model;
    private final ModelPerplexity perplexity;

    /** @param model owned from now on */
    public LocalPerplexity(LoadedModel model) {
        this.model = model;
        this.perplexity = new ModelPerplexity(
                this::logprobs, model.encoder(), model.model().config().maxPositionEmbeddings());
    }

    private float[] logprobs(PackedBatch batch) {
        try {
            return model.model().logprobs(batch);
        } catch (NotFiniteException e) {
            throw e.at(model.directory() + ": log-probability of a text", e.index());
        }
    }

    @Override
    public double[] of(List<Passage> passages) {
        return perplexity.of(passages);
    }

    @Override
    public void close() {
        model.close();
    }
}
