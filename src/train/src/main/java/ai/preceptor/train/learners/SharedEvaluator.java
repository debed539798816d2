package ai.preceptor.train.learners;

import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.evaluation.Evaluator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The evaluation of several learners: all measure, since all have the same model and would wait anyway, and the values of learner 0
 * count for all.
 */
public record SharedEvaluator(Evaluator own, Collective learners) implements Evaluator {
    private static final Logger LOG = LoggerFactory.getLogger(SharedEvaluator.class);
    private static final int GIVEN_UP = -1;
    private static final int FAILED = -2;

    /** The evaluator of a learner; {@code own} itself where there is one. */
    public static Evaluator of(Evaluator own, Collective learners) {
        return learners.world() == 1 ? own : new SharedEvaluator(own, learners);
    }

    /** An evaluation that samples and asks scorers, which learner 0 alone makes; null for none. */
    public static @Nullable Evaluator byFirst(@Nullable Evaluator own, Collective learners) {
        return own == null || learners.rank() == 0 ? own : new Waiting(own);
    }

    /** The evaluation of a learner that leaves it to another. */
    private record Waiting(Evaluator own) implements Evaluator {
        @Override
        public Optional<Map<String, Double>> measure() {
            return Optional.empty();
        }

        @Override
        public String standardMetric() {
            return own.standardMetric();
        }

        @Override
        public String identity() {
            return own.identity();
        }

        @Override
        public Set<String> names(String wanted) {
            return own.names(wanted);
        }
    }

    /** @throws LearnerFailedException if learner 0 failed, and this one did not */
    @Override
    public Optional<Map<String, Double>> measure() {
        Optional<Map<String, Double>> measured = Optional.empty();
        RuntimeException failure = null;
        try {
            measured = own.measure();
        } catch (RuntimeException e) {
            failure = e;
        }
        byte[] first = learners.ofFirst(written(measured, failure));
        if (failure != null && learners.rank() == 0) {
            throw failure;
        } else if (failure != null) {
            LOG.warn("this learner could not measure; the values of learner 0 count", failure);
        }
        return read(first);
    }

    private static byte[] written(Optional<Map<String, Double>> measured, @Nullable RuntimeException failure) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (failure != null) {
                out.writeInt(FAILED);
                out.writeUTF(LearnerFailedException.reason(failure));
            } else if (measured.isEmpty()) {
                out.writeInt(GIVEN_UP);
            } else {
                out.writeInt(measured.get().size());
                for (Map.Entry<String, Double> one : measured.get().entrySet()) {
                    out.writeUTF(one.getKey());
                    out.writeDouble(one.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Optional<Map<String, Double>> read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int size = in.readInt();
            if (size == FAILED) {
                throw new LearnerFailedException("learner 0: " + in.readUTF());
            }
            if (size == GIVEN_UP) {
                return Optional.empty();
            }
            Map<String, Double> values = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                values.put(in.readUTF(), in.readDouble());
            }
            return Optional.of(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String standardMetric() {
        return own.standardMetric();
    }

    @Override
    public String identity() {
        return own.identity();
    }

    @Override
    public Set<String> names(String wanted) {
        return own.names(wanted);
    }
}
