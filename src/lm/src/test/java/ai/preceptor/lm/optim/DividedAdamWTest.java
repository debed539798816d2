package ai.preceptor.lm.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.ThreadCollective;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.testkit.FloatArrays;
import ai.preceptor.testkit.Golden;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** AdamW whose moments several learners share out. */
class DividedAdamWTest {
    private static final AdamWOptions OPTIONS = new AdamWOptions(0.9, 0.99, 1e-8, 0.1);

    /** What a learner ends with. */
    private record Ended(long moments, Map<String, float[]> weights, Map<String, float[]> gathered) {}

    /** Some steps with gradients that follow from the step; moments are taken from {@code start} where there is one. */
    private static Ended run(Collective learners, int steps, Map<String, float[]> start) {
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.TRAINED);
                AdamW optimizer = new AdamW(model.parameters(), OPTIONS)) {
            if (learners.world() > 1) {
                optimizer.divide(learners);
            }
            if (!start.isEmpty()) {
                restore(torch, optimizer, start);
            }
            optimizer.state(); // made by now
            long before = torch.liveTensors();
            for (int step = 0; step < steps; step++) {
                model.parameters().takeFresh();
                for (Parameter block : model.parameters().trained()) {
                    torch.kernels().tensors().fill(block.gradient(), 0.01 * (step + 1));
                }
                optimizer.step(1e-2, 1);
            }
            assertThat(torch.liveTensors()).isEqualTo(before);
            long moments =
                    optimizer.state().values().stream().mapToLong(NDArray::size).sum();
            try (Scope scope = torch.scope()) {
                Map<String, NDArray> all = learners.world() > 1 ? optimizer.gathered(scope) : optimizer.state();
                return new Ended(moments, weights(model), numbers(all));
            }
        }
    }

    private static void restore(Torch torch, AdamW optimizer, Map<String, float[]> start) {
        try (Scope scope = torch.scope()) {
            optimizer.restore((name, whole) -> {
                NDArray saved = scope.floats(start.get(name), whole.getShape().getShape());
                torch.kernels().tensors().copyInto(whole, saved);
            });
        }
        optimizer.resumeAt(3);
    }

    private static Map<String, float[]> weights(LanguageModel model) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        model.parameters()
                .trained()
                .forEach(block -> weights.put(block.parts().get(0).name(), block.master()));
        return numbers(weights);
    }

    private static Map<String, float[]> numbers(Map<String, NDArray> tensors) {
        Map<String, float[]> numbers = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> numbers.put(name, tensor.toFloatArray()));
        return numbers;
    }

    private static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        actual.forEach((name, numbers) -> FloatArrays.assertClose(name, numbers, expected.get(name), 1e-7));
    }

    @Test
    void step_ofThree_isThatOfOne_withAThirdOfTheMoments() throws Exception {
        Ended one = run(Collective.single(), 3, Map.of());

        List<Ended> three = ThreadCollective.each(ThreadCollective.group(3), learners -> run(learners, 3, Map.of()));

        assertThat(three.stream().mapToLong(Ended::moments).sum()).isEqualTo(one.moments());
        for (Ended learner : three) {
            assertThat((double) learner.moments() / one.moments()).isEqualTo(1.0 / 3, within(0.02));
            assertSame(learner.weights(), one.weights());
            learner.weights()
                    .forEach((name, numbers) ->
                            assertThat(numbers).isEqualTo(three.get(0).weights().get(name)));
        }
        assertSame(three.get(0).gathered(), one.gathered());
        assertThat(three.get(1).gathered()).isEmpty();
    }

    /** What three saved, two and one take. */
    @Test
    void restore_takesTheMomentsOfAnyNumberOfLearners() throws Exception {
        Map<String, float[]> saved = ThreadCollective.each(
                        ThreadCollective.group(3), learners -> run(learners, 3, Map.of()))
                .get(0)
                .gathered();

        List<Ended> two = ThreadCollective.each(ThreadCollective.group(2), learners -> run(learners, 2, saved));
        Ended one = run(Collective.single(), 2, saved);

        assertSame(two.get(1).weights(), one.weights());
        assertSame(two.get(0).gathered(), one.gathered());
    }
}
