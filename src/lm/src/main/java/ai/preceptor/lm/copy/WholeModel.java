package ai.preceptor.lm.copy;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.adapter.AdapterPlan;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.lm.weights.ModelTensors;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that is read to be rewritten.
 *
 * @param place where it lies, for messages
 * @param config what it is, with its adapter
 * @param weights its tensors, an adapter merged into them
 */
record WholeModel(Path place, DecoderConfig config, TensorSource weights) implements AutoCloseable {

    /**
     * Opens a model.
     *
     * @throws ai.preceptor.data.DataException when it is truncated, or not what its configuration says, or the adapter does not fit it
     */
    static WholeModel open(Path model, @Nullable Path adapter) {
        boolean reward = ModelSource.of(model, adapter).reward();
        AdapterPlan plan = AdapterPlan.of(model, new AdapterPlan.Request(null, adapter, false, 0), reward);
        DecoderConfig base = plan.decoder();
        boolean becomesReward = reward && !base.architecture().reward();
        DecoderConfig config = becomesReward ? base.asReward(plan.savedHeads(1)) : base;
        return new WholeModel(model, config, plan.openMerged());
    }

    /**
     * Tensors to write, sorted. A tied head is the embedding, which some checkpoints hold twice; a reward model has another
     * head.
     */
    List<String> names() {
        boolean headless = config.tieWordEmbeddings() || config.architecture().reward();
        String head = ModelTensors.head(config);
        return weights.names().stream()
                .filter(name -> !(headless && name.equals(head)))
                .toList();
    }

    @Override
    public void close() {
        weights.close();
    }
}
