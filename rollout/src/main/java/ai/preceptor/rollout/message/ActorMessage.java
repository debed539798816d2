package ai.preceptor.rollout.message;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Score;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Requests between actors, on the event bus and between processes. All are immutable, so within a process they are passed
 * by reference.
 *
 * @param <R> the answer's type
 */
public sealed interface ActorMessage<R> {
    /** Longest input or result of a chunk, in bytes; a message of it fits a frame between processes. */
    int LONGEST_CHUNK = (64 << 20) - 1024;

    /** Number of prompts, for a request that does work. */
    default int size() {
        return 0;
    }

    /** Index of the first prompt, for a request that does work; otherwise -1. */
    default long place() {
        return -1;
    }

    /** Tokens in its answer. */
    default long tokens(Object result) {
        return 0;
    }

    /** Whether this can be its answer; answers of other processes are checked with it. */
    default boolean fits(Object result) {
        return true;
    }

    /** To the feeder: encode {@code count} prompts from index {@code from} on. */
    record Feed(long from, int count) implements ActorMessage<Fed> {}

    /** To a generator: sample {@code samples} answers to each prompt. */
    record Generate(List<EncodedPrompt> prompts, int samples, long seedBase)
            implements ActorMessage<List<List<Completion>>> {
        @Override
        public int size() {
            return prompts.size();
        }

        @Override
        public long place() {
            return prompts.get(0).index();
        }

        @Override
        public long tokens(Object result) {
            return groups(result)
                    .flatMap(List::stream)
                    .mapToLong(one -> one instanceof Completion completion ? completion.length() : 0)
                    .sum();
        }

        @Override
        public boolean fits(Object result) {
            return result instanceof List<?> list
                    && list.size() == prompts.size()
                    && groups(result).count() == prompts.size()
                    && groups(result)
                            .allMatch(group ->
                                    group.size() == samples && group.stream().allMatch(Completion.class::isInstance));
        }

        private static Stream<List<?>> groups(Object result) {
            return result instanceof List<?> list
                    ? list.stream().filter(List.class::isInstance).map(group -> (List<?>) group)
                    : Stream.of();
        }
    }

    /** To a generator: take the weights of {@code version}. */
    record Refresh(long version) implements ActorMessage<Ready> {}

    /** To a scorer: score these answers to prompt {@code index}. */
    record ScoreAnswers(long index, List<Answer> answers) implements ActorMessage<List<Score>> {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public long place() {
            return index;
        }

        @Override
        public boolean fits(Object result) {
            return result instanceof List<?> list
                    && list.size() == answers.size()
                    && list.stream().allMatch(Score.class::isInstance);
        }
    }

    /**
     * To an actor that computes: compute a chunk of a stage's rows.
     *
     * @param chunk its number in the stage, from 0
     * @param input not copied; do not modify
     */
    record Compute(long chunk, byte[] input) implements ActorMessage<Computed> {
        /** @throws ConfigurationException if the input is longer than {@link #LONGEST_CHUNK} */
        public Compute {
            requireSendable(chunk, "input", input);
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public long place() {
            return chunk;
        }

        @Override
        public boolean fits(Object result) {
            return result instanceof Computed computed && computed.chunk() == chunk;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Compute that && chunk == that.chunk && Arrays.equals(input, that.input);
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(chunk) + Arrays.hashCode(input);
        }
    }

    /**
     * Answer to {@link Compute}.
     *
     * @param chunk the number in the request
     * @param result not copied; do not modify
     */
    record Computed(long chunk, byte[] result) {
        /** @throws ConfigurationException if the result is longer than {@link #LONGEST_CHUNK} */
        public Computed {
            requireSendable(chunk, "result", result);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Computed that && chunk == that.chunk && Arrays.equals(result, that.result);
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(chunk) + Arrays.hashCode(result);
        }
    }

    private static void requireSendable(long chunk, String what, byte[] bytes) {
        if (bytes.length > LONGEST_CHUNK) {
            throw new ConfigurationException("chunk " + chunk + ": its " + what + " has " + bytes.length
                    + " bytes; at most " + LONGEST_CHUNK + " are sent to or from a worker: use fewer rows a chunk");
        }
    }

    /** To any actor: answer when ready for the next request. */
    record Report() implements ActorMessage<Ready> {}

    /**
     * Answer to {@link Feed}.
     *
     * @param prompts in order
     * @param unreadable prompts that could not be encoded
     * @param exhausted whether these are the last
     */
    record Fed(List<EncodedPrompt> prompts, List<DeadLetter> unreadable, boolean exhausted) {}

    /**
     * To the learner, from another process: asks for the job.
     *
     * @param protocol its protocol version
     */
    record Join(int protocol) implements ActorMessage<Job> {
        @Override
        public boolean fits(Object result) {
            return result instanceof Job;
        }
    }

    /**
     * Answer to {@link Join}.
     *
     * @param description of the work, for the worker's {@code WorkerHost}
     * @param heartbeatMillis time between two {@link Heartbeat}s, in ms
     * @param heartbeatTimeoutMillis longest time without one until the other side is considered dead, in ms
     */
    record Job(String description, long heartbeatMillis, long heartbeatTimeoutMillis) {}

    /**
     * To the learner: the worker is ready.
     *
     * @param digests of its models
     * @param scores whether it can score too
     */
    record Register(Map<String, String> digests, boolean scores) implements ActorMessage<Ready> {
        /** Copies the map. */
        public Register {
            digests = Map.copyOf(digests);
        }
    }

    /** To the learner: the worker is alive. */
    record Heartbeat() implements ActorMessage<Ready> {}

    /**
     * To either side: the sender leaves.
     *
     * @param reason why
     * @param over whether the run is over
     */
    record Leave(String reason, boolean over) implements ActorMessage<Ready> {}

    /** To the learner: list the files of this version's weights. */
    record ListWeights(long version) implements ActorMessage<Manifest> {
        @Override
        public boolean fits(Object result) {
            return result instanceof Manifest;
        }
    }

    /** Answer to {@link ListWeights}. */
    record Manifest(List<WeightsFile> files) {}

    /**
     * A file of published weights.
     *
     * @param name without directory
     * @param bytes its length
     * @param sha256 in hexadecimal
     */
    record WeightsFile(String name, long bytes, String sha256) {}

    /** To the learner: send 4 MiB of a weights file from a byte on, less at the end of the file. */
    record Fetch(long version, String file, long from) implements ActorMessage<Fetched> {
        @Override
        public boolean fits(Object result) {
            return result instanceof Fetched;
        }
    }

    /** Answer to {@link Fetch}: so many bytes are in the array that was given for them. */
    record Fetched(int bytes) {}

    /** Answer to a request that has no result. */
    enum Ready {
        READY
    }
}
