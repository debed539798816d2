package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.engine.store.BlockTable;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.torch.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A prompt with its samples. Its last hidden state is held from the prefill until the last sample has its first token, and
 * its blocks, if several samples share them, until the last sample has ended.
 */
final class QueuedPrompt {
    private final GenerationHandle handle;
    private final long deadline;
    private final List<Sample> running = new ArrayList<>();
    private final BlockTable prefix = new BlockTable();
    private int waiting;
    private int open;
    private boolean reserved;
    private @Nullable Scope scope;
    private @Nullable NDArray hidden;
    private @Nullable RuntimeException failure;
    private LogitEdits.@Nullable Fixed edits;

    /** @param deadline by the session's clock; {@link Long#MAX_VALUE} for none */
    QueuedPrompt(GenerationHandle handle, long deadline) {
        this.handle = handle;
        this.deadline = deadline;
        this.waiting = handle.request().samples();
        this.open = waiting;
    }

    GenerationHandle handle() {
        return handle;
    }

    long deadline() {
        return deadline;
    }

    int[] ids() {
        return handle.request().promptIds();
    }

    /** What its rules change at every step; on the engine's thread. */
    LogitEdits.Fixed edits() {
        LogitEdits.Fixed known = edits;
        if (known == null) {
            known = new LogitEdits.Fixed(handle.request().options(), ids());
            edits = known;
        }
        return known;
    }

    int length() {
        return ids().length;
    }

    /**
     * Whether its keys and values have blocks of their own that its samples share. A single sample goes on in the prompt's
     * last block instead.
     */
    boolean isShared() {
        return handle.request().samples() > 1;
    }

    /** Blocks that it needs besides its samples'. */
    int prefixBlocks() {
        return isShared() ? KvStore.blocksFor(length()) : 0;
    }

    BlockTable prefix() {
        return prefix;
    }

    /** Samples that are being decoded, for shared prompts. */
    List<Sample> running() {
        return running;
    }

    boolean isReserved() {
        return reserved;
    }

    void setReserved() {
        reserved = true;
    }

    boolean isPrefilled() {
        return hidden != null;
    }

    /** Takes the normed hidden state of its last token, {@code [1, d]}, with the scope that is to own it. */
    void prefilled(Scope owner, NDArray state) {
        this.scope = owner;
        this.hidden = owner.keep(state);
    }

    NDArray hidden() {
        return Objects.requireNonNull(hidden, "not prefilled yet");
    }

    /** Counts one sample as having its first token, or as needing none. */
    void served() {
        waiting--;
        if (waiting == 0 && scope != null) {
            scope.close();
            scope = null;
        }
    }

    /** Why it cannot be answered, null while it can. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    /** Ends all its samples; the first reason counts. */
    void fail(RuntimeException cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Counts one sample as ended. @return whether it was the last */
    boolean ended() {
        open--;
        return open == 0;
    }
}
