package ai.preceptor.rollout.work;

import ai.preceptor.rollout.message.ActorMessage;
import io.vertx.core.Promise;

/**
 * A chunk to be computed.
 *
 * @param request for a worker
 * @param result completed with what it computed
 */
record ChunkJob(ActorMessage.Compute request, Promise<byte[]> result) {
    ChunkJob(ActorMessage.Compute request) {
        this(request, Promise.promise());
    }
}
