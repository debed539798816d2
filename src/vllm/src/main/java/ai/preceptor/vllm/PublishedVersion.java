package ai.preceptor.vllm;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Weights that servers are to have.
 *
 * @param logprobs the student's of the probe under these weights; null where servers are not compared
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, compared by nobody
record PublishedVersion(long version, Path directory, float @Nullable [] logprobs) {}
