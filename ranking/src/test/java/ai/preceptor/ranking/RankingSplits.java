package ai.preceptor.ranking;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Segment;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.Totals;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One optimizer step of an objective without the optimizer, cut in the ways that a step can be cut.
 *
 * @param model in training
 * @param reference frozen, with other weights, so that log-ratios are not 0
 */
record RankingSplits<R>(LanguageModel model, LanguageModel reference, PromptEncoder encoder, Objective<R> objective) {

    /** A step's loss and the gradients of all parameter blocks. */
    record Step(double loss, List<float[]> gradients) {}

    /** The rows in micro-batches of {@code size}, each packed. */
    Step packed(List<R> rows, int size) {
        return step(rows, size, (some, batch) -> List.of(batch));
    }

    /** The rows in one micro-batch, each answer run alone after its own copy of the prompt. */
    Step single(List<R> rows) {
        return step(
                rows,
                rows.size(),
                (some, batch) ->
                        batch.spans().stream().map(span -> alone(batch, span)).toList());
    }

    /** What goes through the model: together the targets of the packed batch, in their order. */
    private interface Runs<R> {
        List<PackedBatch> of(List<R> rows, PackedBatch packed);
    }

    private Step step(List<R> rows, int size, Runs<R> runs) {
        PackedBatch all = pack(rows);
        Totals totals = new Totals(rows.size(), ObjectivePass.tokens(objective, rows, all));
        model.parameters().clearGradients();
        double loss = 0;
        for (int from = 0; from < rows.size(); from += size) {
            List<R> some = rows.subList(from, from + size);
            PackedBatch batch = pack(some);
            loss += microBatch(some, batch, runs.of(some, batch), totals);
        }
        List<float[]> gradients = model.parameters().trained().stream()
                .map(Parameter::gradient)
                .map(gradient -> gradient.toFloatArray())
                .toList();
        return new Step(loss, gradients);
    }

    private PackedBatch pack(List<R> rows) {
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> objective.pack(row, encoder, builder));
        return builder.build();
    }

    private double microBatch(List<R> rows, PackedBatch batch, List<PackedBatch> runs, Totals totals) {
        List<ForwardPass> passes = runs.stream()
                .map(run -> model.forward(run, objective.statistics()))
                .toList();
        try {
            float[] frozen = objective.needsReference()
                    ? joined(runs.stream().map(reference::logprobs).toList())
                    : null;
            LossInputs<R> inputs = new LossInputs<>(
                    rows,
                    batch.spans(),
                    joined(passes.stream().map(ForwardPass::outputs).toList()),
                    frozen,
                    totals,
                    statistics(passes));
            objective.observe(inputs);
            LossReport report = objective.evaluate(inputs);
            int from = 0;
            for (ForwardPass pass : passes) {
                int to = from + pass.outputs().length;
                pass.backward(Arrays.copyOfRange(report.gradient(), from, to));
                from = to;
            }
            return report.loss();
        } finally {
            passes.forEach(ForwardPass::close);
        }
    }

    private TokenStatistics statistics(List<ForwardPass> passes) {
        Map<TokenStatistic, float[]> values = new EnumMap<>(TokenStatistic.class);
        for (TokenStatistic wanted : objective.statistics()) {
            values.put(
                    wanted,
                    joined(passes.stream()
                            .map(pass -> pass.statistics().of(wanted))
                            .toList()));
        }
        return new TokenStatistics(
                joined(passes.stream().map(pass -> pass.statistics().top1()).toList()), values);
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** The targets of one span of a packed batch, predicted from a sequence of their own. */
    private static PackedBatch alone(PackedBatch batch, Span span) {
        int last = batch.sources()[span.to() - 1];
        Segment own = batch.segments().stream()
                .filter(segment -> segment.start() <= last && last < segment.end())
                .findFirst()
                .orElseThrow();
        int[] rows = IntStream.concat(
                        IntStream.range(own.prefixStart(), own.prefixEnd()), IntStream.range(own.start(), own.end()))
                .toArray();
        int[] sources = IntStream.range(span.from(), span.to())
                .map(target -> batch.positions()[batch.sources()[target]])
                .toArray();
        return new PackedBatch(
                Arrays.stream(rows).map(row -> batch.tokens()[row]).toArray(),
                IntStream.range(0, rows.length).toArray(),
                List.of(new Segment(0, 0, 0, rows.length)),
                sources,
                Arrays.copyOfRange(batch.targets(), span.from(), span.to()),
                List.of(new Span(0, span.length())));
    }
}
