package ai.preceptor.lm;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.adapter.AdapterPlan;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.lm.weights.Precision;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a model is loaded.
 *
 * @param precision element type of matrix products
 * @param trainable whether weights get float32 masters and gradients; a frozen model keeps only what it computes with
 * @param lora train this adapter instead of the weights, which stay frozen; null to train the weights, or the adapter
 *     that the directory holds
 * @param adapter directory of an adapter of the model; null for none but the model directory's own
 * @param checkpointing whether training keeps only the inputs of layers and recomputes the rest in the backward pass
 * @param seed of a new adapter's weights and of its dropout
 * @param vocabularyTile columns of logits that exist at a time where targets are scored, at least 1; bounds memory and
 *     changes no number beyond rounding
 * @param forward element type of a forward pass's products in a model whose weights are trained: {@code precision}, or float32,
 *     which leaves the backward pass and generation to {@code precision}
 * @param decode what computes the steps of generation
 */
public record LoadOptions(
        Precision precision,
        boolean trainable,
        @Nullable LoraConfig lora,
        @Nullable Path adapter,
        boolean checkpointing,
        long seed,
        int vocabularyTile,
        Precision forward,
        DecodeSettings decode) {
    /** Keeps a tile in cache, and the number of tiles small. */
    public static final int VOCABULARY_TILE = 4096;

    /** For inference in float32. */
    public static final LoadOptions FROZEN = new LoadOptions(Precision.FLOAT32, false);

    /** For training in float32. */
    public static final LoadOptions TRAINED = new LoadOptions(Precision.FLOAT32, true);

    /**
     * @throws IllegalArgumentException if the tile has no column, a forward pass would be less exact than the rest, or a frozen
     *     model, which has no float32 masters, is to run in another element type than its own
     */
    public LoadOptions {
        if (vocabularyTile < 1) {
            throw new IllegalArgumentException("vocabulary_tile: " + vocabularyTile + ", must be at least 1");
        }
        if (forward != precision && forward != Precision.FLOAT32) {
            throw new IllegalArgumentException("forward: " + forward + ", must be FLOAT32 or " + precision);
        }
        if (forward != precision && !trainable) {
            throw new IllegalArgumentException("forward: " + forward + ", must be " + precision + " in a frozen model");
        }
    }

    /**
     * The files beside the weights of a model that is loaded so: those of its adapter, else its own.
     *
     * @throws ai.preceptor.data.DataException when there is an adapter and its base is not found
     */
    public ModelFiles files(Path directory) {
        return ModelSource.of(directory, adapter).files();
    }

    /** With tiles of the usual size and one element type. */
    public LoadOptions(
            Precision precision,
            boolean trainable,
            @Nullable LoraConfig lora,
            @Nullable Path adapter,
            boolean checkpointing,
            long seed) {
        this(
                precision,
                trainable,
                lora,
                adapter,
                checkpointing,
                seed,
                VOCABULARY_TILE,
                precision,
                DecodeSettings.TENSORS);
    }

    /** Without adapter. */
    public LoadOptions(Precision precision, boolean trainable) {
        this(precision, trainable, null, null, false, 0);
    }

    /** With other tiles of the vocabulary. */
    public LoadOptions withVocabularyTile(int columns) {
        return new LoadOptions(precision, trainable, lora, adapter, checkpointing, seed, columns, forward, decode);
    }

    /** With forward passes of another element type. */
    public LoadOptions withForward(Precision type) {
        return new LoadOptions(precision, trainable, lora, adapter, checkpointing, seed, vocabularyTile, type, decode);
    }

    /** To train an adapter. */
    public LoadOptions withLora(LoraConfig config, long itsSeed) {
        return new LoadOptions(
                precision, true, config, adapter, checkpointing, itsSeed, vocabularyTile, forward, decode);
    }

    /** With an adapter of the model, which is trained if the model is to be trained. */
    public LoadOptions withAdapter(Path directory) {
        return new LoadOptions(
                precision, trainable, lora, directory, checkpointing, seed, vocabularyTile, forward, decode);
    }

    /** With steps of generation computed by something else. */
    public LoadOptions withDecode(DecodeSettings other) {
        return new LoadOptions(
                precision, trainable, lora, adapter, checkpointing, seed, vocabularyTile, forward, other);
    }

    /** @throws ConfigurationException for a forward pass in another element type than the one in which an adapter's base is kept */
    AdapterPlan plan(Path directory, boolean reward) {
        AdapterPlan plan = AdapterPlan.of(directory, new AdapterPlan.Request(lora, adapter, trainable, seed), reward);
        if (plan.adapts() && forward != precision) {
            throw new ConfigurationException("forward_dtype: received " + forward + ", expected " + precision
                    + " with an adapter, whose base has no other weights");
        }
        return plan;
    }

    /** With activation checkpointing. */
    public LoadOptions checkpointed() {
        return new LoadOptions(precision, trainable, lora, adapter, true, seed, vocabularyTile, forward, decode);
    }
}
