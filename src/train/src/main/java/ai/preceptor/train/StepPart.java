package ai.preceptor.train;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.learners.LearnerFailedException;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.StepRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one optimizer step that this learner has; all of them where there is one learner.
 *
 * @param batches the micro-batches of {@code rows}, packed
 * @param counts of these rows, or of those of all learners
 */
record StepPart<R>(StepRows<R> rows, List<PackedBatch> batches, Report counts) {
    /**
     * Which step it is, for errors.
     *
     * @param step from 1
     */
    record Place(int step, double learningRate) {
        String notFinite(String what, double value, List<? extends MicroBatch<?>> culprits) {
            List<Integer> places = culprits.stream()
                    .flatMap(micro -> micro.positions().stream())
                    .toList();
            return "step " + step + ": " + what + " is " + value + " on rows " + places + " (0-based) at learning rate "
                    + learningRate + "; nothing of this step was applied";
        }
    }

    static <R> StepPart<R> of(StepRows<R> rows, Pass<R> pass) {
        List<PackedBatch> batches = new ArrayList<>();
        long count = 0;
        long targets = 0;
        long tokens = 0;
        for (MicroBatch<R> micro : rows.microBatches()) {
            PackedBatch.Builder builder = PackedBatch.builder();
            micro.rows().forEach(row -> pass.pack(row, builder));
            PackedBatch packed = builder.build();
            batches.add(packed);
            count += micro.rows().size();
            targets += pass.tokens(micro.rows(), packed);
            tokens += packed.rows();
        }
        return new StepPart<>(rows, batches, Report.ofRows(count, targets, tokens));
    }

    /** The same with the counts of all learners. */
    StepPart<R> of(Report all) {
        return new StepPart<>(rows, batches, all);
    }

    /** Leaves the gradients of these rows in the model, divided by the counts of all learners. */
    Report learn(Pass<R> pass, Interrupt interrupt, Place place) {
        Totals totals = new Totals(Math.toIntExact(counts.rows()), Math.toIntExact(counts.targets()));
        double loss = 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (int i = 0; i < batches.size(); i++) {
            if (interrupt.isRequested()) {
                return Report.broken(Report.State.STOPPED, "");
            }
            MicroBatch<R> micro = rows.microBatches().get(i);
            Pass.Contribution contribution = pass.run(micro.rows(), batches.get(i), totals);
            if (!Double.isFinite(contribution.loss())) {
                return Report.broken(
                        Report.State.DIVERGED, place.notFinite("loss", contribution.loss(), List.of(micro)));
            }
            loss += contribution.loss();
            metrics = Metric.merge(metrics, contribution.metrics());
        }
        return Report.ofLoss(loss, metrics);
    }

    /**
     * What a learner has done of a step, or all of them together: counts and losses add up, metrics merge, and the gravest state is that
     * of all.
     *
     * @param state how it went
     * @param problem in words; of several learners it names the one that has it; empty where the state is {@code DONE}
     * @param rows in the micro-batches
     * @param targets tokens that count
     * @param tokens fed to the model
     */
    record Report(
            State state,
            String problem,
            long rows,
            long targets,
            long tokens,
            double loss,
            Map<String, Metric> metrics) {
        private static final int LONGEST = 10_000;

        /** From the lightest on. */
        enum State {
            DONE,
            STOPPED,
            DIVERGED,
            FAILED
        }

        /** The rows of a step, before they are learnt from. */
        static Report ofRows(long rows, long targets, long tokens) {
            return new Report(State.DONE, "", rows, targets, tokens, 0, Map.of());
        }

        /** What was learnt from them. */
        static Report ofLoss(double loss, Map<String, Metric> metrics) {
            return new Report(State.DONE, "", 0, 0, 0, loss, metrics);
        }

        /** A step that ended early. */
        static Report broken(State state, String problem) {
            String told = problem.length() > LONGEST ? problem.substring(0, LONGEST) : problem;
            return new Report(state, told, 0, 0, 0, 0, Map.of());
        }

        /** One that ended with an exception. */
        static Report failed(RuntimeException failure) {
            return broken(State.FAILED, LearnerFailedException.reason(failure));
        }

        /**
         * The same of all learners together, equal on each.
         *
         * @throws ai.preceptor.lm.collective.LostLearnerException if one is lost
         */
        Report withOthers(Collective learners) {
            if (learners.world() == 1) {
                return this;
            }
            List<byte[]> all = learners.gather(written());
            Report sum = read(all.get(0)).of(0);
            for (int rank = 1; rank < all.size(); rank++) {
                sum = sum.plus(read(all.get(rank)).of(rank));
            }
            return sum;
        }

        private Report of(int rank) {
            String named = problem.isEmpty() ? "" : "learner " + rank + ": " + problem;
            return new Report(state, named, rows, targets, tokens, loss, metrics);
        }

        private Report plus(Report other) {
            Report graver = other.state.compareTo(state) > 0 ? other : this;
            return new Report(
                    graver.state,
                    graver.problem,
                    rows + other.rows,
                    targets + other.targets,
                    tokens + other.tokens,
                    loss + other.loss,
                    Metric.merge(metrics, other.metrics));
        }

        private byte[] written() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeUTF(state.name());
                out.writeUTF(problem);
                out.writeLong(rows);
                out.writeLong(targets);
                out.writeLong(tokens);
                out.writeDouble(loss);
                out.writeInt(metrics.size());
                for (Map.Entry<String, Metric> one : metrics.entrySet()) {
                    out.writeUTF(one.getKey());
                    write(one.getValue(), out);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        private static Report read(byte[] bytes) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                State state = State.valueOf(in.readUTF());
                String problem = in.readUTF();
                long rows = in.readLong();
                long targets = in.readLong();
                long tokens = in.readLong();
                double loss = in.readDouble();
                Map<String, Metric> metrics = new LinkedHashMap<>();
                for (int left = in.readInt(); left > 0; left--) {
                    metrics.put(in.readUTF(), readMetric(in));
                }
                return new Report(state, problem, rows, targets, tokens, loss, metrics);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void write(Metric metric, DataOutputStream out) throws IOException {
            out.writeUTF(metric.kind().name());
            out.writeDouble(metric.sum());
            out.writeDouble(metric.squares());
            out.writeDouble(metric.weight());
            Metric subtracted = metric.subtracted();
            out.writeBoolean(subtracted != null);
            if (subtracted != null) {
                write(subtracted, out);
            }
        }

        private static Metric readMetric(DataInputStream in) throws IOException {
            return new Metric(
                    Metric.Kind.valueOf(in.readUTF()),
                    in.readDouble(),
                    in.readDouble(),
                    in.readDouble(),
                    in.readBoolean() ? readMetric(in) : null);
        }
    }
}
