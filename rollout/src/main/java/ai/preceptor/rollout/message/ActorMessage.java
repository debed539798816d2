package ai.preceptor.rollout.message;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What actors ask of each other: the messages on the event bus, and between processes. All are immutable, so within a process they
 * are handed over as they are.
 *
 * @param <R> what the answer holds
 */
public sealed interface ActorMessage<R> {

    /** Prompts that it is about, for an order of work. */
    default int size() {
        return 0;
    }

    /** Place of the first prompt that it is about, for an order of work. */
    default long place() {
        return -1;
    }

    /** Tokens in what it was answered with. */
    default long tokens(Object result) {
        return 0;
    }

    /** Whether that can be its answer. What comes from another process is asked so. */
    default boolean fits(Object result) {
        return true;
    }

    /** To the feeder: encode the prompts of {@code count} places from {@code from} on. */
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

    /** To a scorer: score these answers to the prompt at place {@code index}. */
    record Judge(long index, List<Answer> answers) implements ActorMessage<List<Score>> {
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

    /** To any actor that does work: say when you can take an order. */
    record Report() implements ActorMessage<Ready> {}

    /** To the coordinator, from the learner: the next {@code prompts} groups. */
    record Pull(int prompts) implements ActorMessage<List<Trajectory>> {}

    /** To the coordinator, from the learner: the weights are now those of {@code version}. */
    record Publish(long version) implements ActorMessage<Ready> {}

    /** To the coordinator: begin nothing more. */
    record Halt() implements ActorMessage<Ready> {}

    /**
     * Answer to {@link Feed}.
     *
     * @param prompts in order
     * @param unreadable those that could not be encoded
     * @param exhausted whether there are none after these
     */
    record Fed(List<EncodedPrompt> prompts, List<DeadLetter> unreadable, boolean exhausted) {}

    /**
     * To the learner, from another process that wants to work for it: what is there to do?
     *
     * @param protocol that it speaks
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
     * @param description what the work is, for whoever starts the models
     * @param heartbeatMillis time between two {@link Beat}s
     * @param silenceMillis without one for so long, the other side is taken as dead
     */
    record Job(String description, long heartbeatMillis, long silenceMillis) {}

    /**
     * To the learner: ready to work.
     *
     * @param digests of the models that it has
     * @param scores whether it can score too
     */
    record Enlist(Map<String, String> digests, boolean scores) implements ActorMessage<Ready> {
        /** Copies the map. */
        public Enlist {
            digests = Map.copyOf(digests);
        }
    }

    /** To the learner: the worker is alive. */
    record Beat() implements ActorMessage<Ready> {}

    /**
     * Either way: good-bye.
     *
     * @param reason why
     * @param over whether because the run is over
     */
    record Leave(String reason, boolean over) implements ActorMessage<Ready> {}

    /** To the learner: which files are the weights of this version? */
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

    /** To the learner: a part of a file of weights, from a byte on: 4 MiB, and less at the file's end. */
    record Fetch(long version, String file, long from) implements ActorMessage<Chunk> {
        @Override
        public boolean fits(Object result) {
            return result instanceof Chunk;
        }
    }

    /** Answer to {@link Fetch}. Not copied; do not modify. */
    record Chunk(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Chunk that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /** Answer to an order that has no other. */
    enum Ready {
        READY
    }
}
