package ai.preceptor.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.Stops;
import ai.preceptor.lm.optim.AdamW;
import ai.preceptor.lm.optim.AdamWOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.testkit.Golden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Actors and a learner on one real model. */
class LanguageModelEngineTest {
    private static final int STEPS = 4;

    @Test
    void next_whileTheWeightsChange_logprobsAreThoseOfTheCurrentWeights() {
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.TRAINED);
                AdamW optimizer = new AdamW(model.parameters(), AdamWOptions.DEFAULT);
                VertxRollouts rollouts = start(torch, model, 1)) {
            float[] before = null;
            for (int step = 0; step < STEPS; step++) {
                List<Trajectory> batch = rollouts.next(2);
                PackedBatch packed = pack(batch);
                float[] now = model.logprobs(packed);
                assertThat(now).as("step %d", step).containsExactly(sampled(batch), within(1e-4f));
                if (before != null) {
                    assertThat(now).isNotEqualTo(before);
                }
                before = learn(model, optimizer, packed);
                rollouts.publish(step + 1);
            }
        }
    }

    @Test
    void next_oneOrThreeScorers_givesTheSameOnARealModel() {
        assertThat(run(3)).isEqualTo(run(1));
    }

    private static List<List<Trajectory>> run(int scorers) {
        List<List<Trajectory>> batches = new ArrayList<>();
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.TRAINED);
                AdamW optimizer = new AdamW(model.parameters(), AdamWOptions.DEFAULT);
                VertxRollouts rollouts = start(torch, model, scorers)) {
            for (int step = 0; step < STEPS; step++) {
                List<Trajectory> batch = rollouts.next(2);
                batches.add(batch);
                learn(model, optimizer, pack(batch));
                rollouts.publish(step + 1);
            }
        }
        return batches;
    }

    /** Reward models of the same process score the first answers while the later ones are sampled. */
    @Test
    void next_rewardModelsOnTheSameDevice_giveTheSameScoresBesideGeneration() {
        List<List<Trajectory>> one = runRewarded(1);

        assertThat(runRewarded(2)).isEqualTo(one);
        assertThat(one.get(0))
                .extracting(Trajectory::score)
                .allMatch(Score::isScored)
                .doesNotHaveDuplicates();
    }

    private static List<List<Trajectory>> runRewarded(int scorers) {
        RolloutPlan plan = Rollouts.plan()
                .promptsPerStep(6)
                .promptsPerRequest(1)
                .scorerInstances(scorers)
                .build();
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.FROZEN);
                VertxRollouts rollouts = Rollouts.builder(plan, engine(torch, model))
                        .encoder(LanguageModelEngineTest::ids)
                        .scorers(() -> new TinyReward(torch))
                        .build()
                        .start()) {
            return Rollouts.learn(rollouts, STEPS, 6);
        }
    }

    @Test
    void next_oneOrThreeEngines_andAnyNumberOfPromptsARequest_giveTheSame() {
        List<List<Trajectory>> one = sampled(1, 4);

        assertThat(sampled(3, 1)).isEqualTo(one);
        assertThat(sampled(2, 3)).isEqualTo(one);
    }

    /** Engines with a model each, whose weights stay as they are. */
    private static List<List<Trajectory>> sampled(int engines, int promptsPerRequest) {
        RolloutPlan plan = Rollouts.plan()
                .promptsPerStep(12)
                .promptsPerRequest(promptsPerRequest)
                .build();
        List<LanguageModel> models = new ArrayList<>();
        try (Torch torch = Torch.open("cpu", 1)) {
            try (VertxRollouts rollouts = Rollouts.builder(plan, new FakeEngine())
                    .encoder(LanguageModelEngineTest::ids)
                    .lease(DeviceLease.separate())
                    .engines(Engines.several(engines, version -> {
                        torch.bindThread();
                        LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.FROZEN);
                        synchronized (models) {
                            models.add(model);
                        }
                        return engine(torch, model);
                    }))
                    .build()
                    .start()) {
                return Rollouts.learn(rollouts, 2, 12);
            } finally {
                models.forEach(LanguageModel::close);
            }
        }
    }

    /** Its text is asked for at every token, so within every step. */
    @Test
    void steps_growWhileItSamples_andAreNotKnownOtherwise() {
        List<OptionalLong> seen = new ArrayList<>();
        AtomicReference<LanguageModelEngine> own = new AtomicReference<>();
        Function<int[], String> watching = ids -> {
            seen.add(own.get().steps());
            return "";
        };
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.FROZEN)) {
            SamplingOptions read = SamplingOptions.unfiltered(30, 0).with(new Stops(Set.of(), List.of("never")));
            LanguageModelEngine engine = new LanguageModelEngine(
                    torch, new Generator(model, watching, new int[0], GenerationLimits.DEFAULT), read);
            own.set(engine);
            engine.start();
            assertThat(engine.steps()).isEmpty();
            Prompt prompt = Prompt.plain("p");
            engine.generate(List.of(new EncodedPrompt(0, prompt, ids(prompt))), 1, 1);
            assertThat(engine.steps()).isEmpty();
            assertThat(seen).doesNotContain(OptionalLong.empty());
            assertThat(seen.stream().mapToLong(OptionalLong::getAsLong).boxed().toList())
                    .isSorted()
                    .contains(1L, 10L, 29L);
        }
    }

    /** The engine is inside a step when it is cancelled: no token is drawn after that step. */
    @Test
    void cancel_whileItSamples_endsTheCall() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        AtomicInteger texts = new AtomicInteger();
        Function<int[], String> slow = ids -> {
            texts.incrementAndGet();
            inside.countDown();
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return "";
        };
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.FROZEN)) {
            SamplingOptions read = SamplingOptions.unfiltered(60, 0).with(new Stops(Set.of(), List.of("never")));
            LanguageModelEngine engine = new LanguageModelEngine(
                    torch, new Generator(model, slow, new int[0], GenerationLimits.DEFAULT), read);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread generator = new Thread(() -> {
                engine.start();
                Prompt prompt = Prompt.plain("p");
                thrown.set(catchThrowable(
                        () -> engine.generate(List.of(new EncodedPrompt(0, prompt, ids(prompt))), 2, 1)));
            });
            generator.start();
            inside.await();
            engine.cancel();
            cancelled.countDown();
            generator.join();
            assertThat(thrown.get()).isInstanceOf(CancellationException.class);
            assertThat(texts).as("of 120 tokens").hasValueLessThan(10);
        }
    }

    /** Later turns are written with the row's variables. */
    @Test
    void generate_tellsTurnLoopsThePrompt() {
        Prompt prompt = new Prompt(Prompt.plain("p").text(), Map.of("chat_template_kwargs", Map.of("thinks", false)));
        List<GenerationRequest> seen = new ArrayList<>();
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.FROZEN)) {
            Generator generator = new Generator(model, ids -> "", new int[0], GenerationLimits.DEFAULT)
                    .with((requests, turn, stepped) -> {
                        seen.addAll(requests);
                        stepped.run();
                        return turn.apply(requests);
                    });
            LanguageModelEngine engine = new LanguageModelEngine(torch, generator, SamplingOptions.unfiltered(5, 0));
            engine.start();
            engine.generate(List.of(new EncodedPrompt(0, prompt, ids(prompt))), 2, 1);
            long steps = generator.steps();
            generator.generate(List.of(ids(prompt)), List.of(prompt), 2, SamplingOptions.unfiltered(5, 0));
            assertThat(seen).extracting(GenerationRequest::prompt).containsExactly(prompt, prompt);
            assertThat(steps).as("a prefill, four steps and what the loop told").isEqualTo(6);
        }
    }

    /** Where nothing is filtered there is nothing to say. */
    @Test
    void generate_withFilters_tellsWhatTheyKept() {
        Prompt prompt = Prompt.plain("p");
        List<EncodedPrompt> prompts = List.of(new EncodedPrompt(0, prompt, ids(prompt)));
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.FROZEN)) {
            Generator generator = new Generator(model, ids -> "", new int[0], GenerationLimits.DEFAULT);
            SamplingOptions plain = SamplingOptions.unfiltered(5, 0);
            SamplingOptions filtered = plain.with(plain.settings().but().topK(3).build());
            LanguageModelEngine engine = new LanguageModelEngine(torch, generator, filtered);
            engine.start();
            for (Completion one : engine.generate(prompts, 2, 1).get(0)) {
                assertThat(one.support()).isNotNull();
                assertThat(one.support().ids(0)).hasSize(3).contains(one.tokenIds()[0]);
            }
            LanguageModelEngine unfiltered = new LanguageModelEngine(torch, generator, plain);
            assertThat(unfiltered.generate(prompts, 1, 1).get(0).get(0).support())
                    .isNull();
        }
    }

    private static LanguageModelEngine engine(Torch torch, LanguageModel model) {
        Generator generator = new Generator(model, Arrays::toString, new int[] {2}, GenerationLimits.DEFAULT);
        return new LanguageModelEngine(torch, generator, SamplingOptions.unfiltered(12, 0));
    }

    /** A reward model that reads an answer's letters. */
    private static final class TinyReward implements Scorer {
        private final RewardBackbone model;

        TinyReward(Torch torch) {
            torch.bindThread();
            model = RewardBackbone.load(
                    torch, Golden.dir("models/llama-reward"), LoadOptions.FROZEN, RewardBackbone.HeadInit.ZEROS, 0);
        }

        @Override
        public String name() {
            return "reward";
        }

        @Override
        public List<Score> score(List<Answer> answers) {
            PackedBatch.Builder builder = PackedBatch.builder();
            builder.prompt(ids(answers.get(0).prompt()));
            answers.forEach(
                    answer -> builder.answer(ids(Prompt.plain(answer.text().asString()))));
            List<Score> scores = new ArrayList<>();
            for (float reward : model.rewards(builder.build())) {
                scores.add(Score.of(reward));
            }
            return scores;
        }

        @Override
        public void close() {
            model.close();
        }
    }

    private static VertxRollouts start(Torch torch, LanguageModel model, int scorers) {
        Generator generator = new Generator(model, Arrays::toString, new int[] {2}, GenerationLimits.DEFAULT);
        return Rollouts.builder(
                        Rollouts.plan()
                                .promptsPerStep(2)
                                .scorerInstances(scorers)
                                .build(),
                        new LanguageModelEngine(torch, generator, SamplingOptions.unfiltered(12, 0)))
                .encoder(LanguageModelEngineTest::ids)
                .scorers(() -> Rollouts.scorer(
                        answer -> Score.of(answer.text().asString().length())))
                .build()
                .start();
    }

    private static int[] ids(Prompt prompt) {
        return prompt.text().asString().chars().map(letter -> letter % 512).toArray();
    }

    private static PackedBatch pack(List<Trajectory> batch) {
        PackedBatch.Builder builder = PackedBatch.builder();
        int group = -1;
        for (Trajectory one : batch) {
            if (one.group() != group) {
                builder.prompt(one.promptIds());
                group = one.group();
            }
            builder.completion(one.completion().tokenIds());
        }
        return builder.build();
    }

    private static float[] sampled(List<Trajectory> batch) {
        float[] all = new float[0];
        for (Trajectory one : batch) {
            float[] next = one.completion().logprobs();
            all = Arrays.copyOf(all, all.length + next.length);
            System.arraycopy(next, 0, all, all.length - next.length, next.length);
        }
        return all;
    }

    /** A step that makes these samples likelier; returns their log-probabilities after it. */
    private static float[] learn(LanguageModel model, AdamW optimizer, PackedBatch packed) {
        try (ForwardPass pass = model.forward(packed)) {
            float[] up = new float[packed.targets().length];
            Arrays.fill(up, -1f);
            pass.backward(up);
        }
        optimizer.step(1e-3, 1.0);
        return model.logprobs(packed);
    }
}
