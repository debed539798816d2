package ai.preceptor.bench;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.rollout.Engines;
import ai.preceptor.rollout.LanguageModelEngine;
import ai.preceptor.rollout.ListedPrompts;
import ai.preceptor.rollout.RolloutPlan;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.teacher.RuleScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The overhead of actors: the same prompts with the same seeds through the engine alone and through rollouts with a
 * scorer that costs nothing, alternated so that other load on the machine affects both. The tokens are checked to be
 * the same.
 *
 * <pre>
 * ./mvnw -q -Pbench -pl src/bench -am package -DskipTests
 * java -cp ... ai.preceptor.bench.ActorOverheadBench model=DIR data=PROMPTS.jsonl [prompts=8] [samples=4]
 *     [max_new_tokens=64] [rounds=9] [dtype=bfloat16] [threads=0]
 * </pre>
 */
public final class ActorOverheadBench {
    private static final int WARM_UP = 2;
    private static final long SEED = 17;

    private ActorOverheadBench() {}

    /** Runs the benchmark. */
    public static void main(String[] words) {
        Arguments arguments = new Arguments(words);
        Path directory = Path.of(arguments.text("model"));
        Precision precision =
                Precision.valueOf(arguments.text("dtype", "bfloat16").toUpperCase(Locale.ROOT));
        int perStep = arguments.number("prompts", 8);
        int samples = arguments.number("samples", 4);
        int rounds = arguments.number("rounds", 9);
        List<Prompt> prompts = Datasets.prompts(Path.of(arguments.text("data")), perStep * rounds, OnBadRow.FAIL)
                .rows();
        SamplingOptions sampling = SamplingOptions.unfiltered(arguments.number("max_new_tokens", 64), SEED);
        RolloutPlan plan = RolloutPlan.builder()
                .promptsPerStep(perStep)
                .samplesPerPrompt(samples)
                .seed(SEED)
                .build();
        try (Torch torch = Torch.open("cpu", arguments.number("threads", 0));
                Tokenizer tokenizer = Tokenizer.load(directory);
                LanguageModel model = LanguageModel.load(torch, directory, new LoadOptions(precision, false))) {
            TemplateEncoder encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
            Generator generator = new Generator(model, tokenizer);
            try (VertxRollouts rollouts = VertxRollouts.builder(plan)
                    .prompts(new ListedPrompts(prompts, false, 0, 1))
                    .encoder(encoder::prompt)
                    .engines(Engines.of(new LanguageModelEngine(torch, generator, sampling)))
                    .scorers(() -> new RuleScorer("nothing", answer -> 0))
                    .build()
                    .start()) {
                Bare bare = new Bare(generator, encoder, prompts, sampling, samples);
                measure(bare, rollouts, perStep, prompts.size() / perStep);
            }
        }
    }

    /** The engine alone. */
    private record Bare(
            Generator generator, TemplateEncoder encoder, List<Prompt> prompts, SamplingOptions sampling, int samples) {
        List<int[]> tokens(int from, int count) {
            List<GenerationRequest> requests = new ArrayList<>();
            for (int i = from; i < from + count; i++) {
                EncodedPrompt prompt = new EncodedPrompt(i, prompts.get(i), encoder.prompt(prompts.get(i)));
                requests.add(new GenerationRequest(prompt.ids(), samples, sampling.withSeed(prompt.seed(SEED))));
            }
            return generator.generate(requests).stream()
                    .flatMap(List::stream)
                    .map(one -> one.tokenIds())
                    .toList();
        }
    }

    private static void measure(Bare bare, VertxRollouts rollouts, int perStep, int rounds) {
        List<Double> alone = new ArrayList<>();
        List<Double> acted = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            long began = System.nanoTime();
            List<int[]> expected = bare.tokens(round * perStep, perStep);
            long between = System.nanoTime();
            List<Trajectory> got = rollouts.next(perStep);
            rollouts.publish(round + 1L);
            long ended = System.nanoTime();
            for (int i = 0; i < expected.size(); i++) {
                if (!Arrays.equals(expected.get(i), got.get(i).completion().tokenIds())) {
                    throw new IllegalStateException("round " + round + ": answer " + i + " differs");
                }
            }
            alone.add((between - began) * 1e-9);
            acted.add((ended - between) * 1e-9);
        }
        double one = Medians.steady(alone, WARM_UP);
        double other = Medians.steady(acted, WARM_UP);
        System.out.printf(
                Locale.ROOT,
                "{\"run\": \"actor-overhead\", \"rounds\": %d, \"engine_s\": %.4f, \"actors_s\": %.4f,"
                        + " \"overhead\": %.4f}%n",
                rounds,
                one,
                other,
                other / one - 1);
    }
}
