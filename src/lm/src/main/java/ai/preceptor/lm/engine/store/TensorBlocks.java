package ai.preceptor.lm.engine.store;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;

/** Blocks as two tensors on the model's device, in the element type of its matrices; see {@code blocks.kernels}. */
public final class TensorBlocks implements BlockMemory {
    private final DecodeKernels kernels;
    private final DecodeKernels.Cache cache;
    private final int blocks;

    /**
     * Takes the memory.
     *
     * @param owner frees it
     * @param blocks how many there are
     * @throws ConfigurationException if the device does not have it
     */
    public TensorBlocks(LanguageModel model, Scope owner, int blocks) {
        Torch torch = model.parameters().torch();
        DecoderConfig config = model.config();
        this.kernels = torch.kernels().decode();
        this.blocks = blocks;
        NDArray like = model.head().compute();
        try {
            NDArray keys = kernels.storeRoom(
                    owner, like, config.layers(), blocks, config.kvHeads(), config.headDim(), KvStore.COLUMNS);
            NDArray values = kernels.storeRoom(
                    owner, like, config.layers(), blocks, config.kvHeads(), KvStore.COLUMNS, config.headDim());
            this.cache = new DecodeKernels.Cache(keys, values);
        } catch (EngineException e) {
            throw new ConfigurationException(
                    "a key-value store of " + blocks * blockBytes(model) + " bytes does not fit on "
                            + torch.device()
                            + " in addition to the model; expected fewer bytes (kv_cache_memory_bytes of"
                            + " serve), or shorter prompts and answers (max_new_tokens)",
                    e);
        }
    }

    /** Bytes of a block of a model. */
    public static long blockBytes(LanguageModel model) {
        DecoderConfig config = model.config();
        long numbers = 2L * config.layers() * config.kvHeads() * config.headDim() * KvStore.COLUMNS;
        return numbers * model.parameters().precision().bytes();
    }

    /** Keys and values as kernels take them. */
    public DecodeKernels.Cache cache() {
        return cache;
    }

    @Override
    public int blocks() {
        return blocks;
    }

    @Override
    public void clear(int block) {
        kernels.clearBlock(cache, block);
    }

    @Override
    public void move(long[] moves) {
        kernels.moveBlocks(cache, moves);
    }

    @Override
    public PromptColumns columns(NDArray keys, NDArray values) {
        return parts -> kernels.storePrompt(cache, keys, values, parts);
    }
}
