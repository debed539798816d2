package ai.preceptor.rollout.work;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.StageHandler;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * An offline stage. Rows or settings that cannot be used end it at once: any worker would find the same. Whatever else
 * fails is tried again.
 *
 * @param name of the stage
 * @param done called with a chunk and its result
 * @param end called with what ends the stage
 */
record ChunkHandler(String name, BiConsumer<ChunkJob, byte[]> done, Consumer<RuntimeException> end)
        implements StageHandler<ChunkJob, ActorMessage.Computed> {
    @Override
    public long index(ChunkJob job) {
        return job.request().chunk();
    }

    @Override
    public String unit() {
        return "chunk";
    }

    @Override
    public boolean isFinal(Failure failure) {
        return failure.cause() instanceof DataException || failure.cause() instanceof ConfigurationException;
    }

    @Override
    public ActorMessage<ActorMessage.Computed> request(ChunkJob job) {
        return job.request();
    }

    @Override
    public Optional<Failure> done(ChunkJob job, ActorMessage.Computed computed, long nanos) {
        done.accept(job, computed.result());
        return Optional.empty();
    }

    @Override
    public void givenUp(ChunkJob job, Failure first) {
        end.accept(fatal("chunk " + index(job) + ": " + first.reason(), first.cause()));
    }

    /** What one process would throw for rows and settings, so that the command ends as it would in one process. */
    @Override
    public RuntimeException fatal(String reason, Throwable cause) {
        if (cause instanceof DataException || cause instanceof ConfigurationException) {
            return (RuntimeException) cause;
        }
        return cause instanceof ScorerException
                ? new ScorerException(name + ": " + reason, cause)
                : new TeacherException(name + ": " + reason, cause);
    }
}
