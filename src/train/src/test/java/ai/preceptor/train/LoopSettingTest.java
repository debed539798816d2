package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.ThreadCollective;
import ai.preceptor.train.evaluation.Evaluator;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.run.Stateful;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LoopSettingTest {
    private static final Evaluator EVALUATOR = () -> Optional.of(Map.of());
    private static final Stateful STATE = new Stateful() {
        @Override
        public void saveState(Path checkpoint) {}

        @Override
        public void loadState(Path checkpoint) {}
    };

    private final Collective learners = ThreadCollective.group(2).get(1);
    private final LoopSetting setting = new LoopSetting(
            RunStore.none(),
            new Interrupt(),
            TrainListener.none(),
            List.of(STATE),
            System::nanoTime,
            EVALUATOR,
            learners,
            true);

    static Stream<UnaryOperator<LoopSetting>> additions() {
        return Stream.of(
                setting -> setting.hearing(TrainListener.none()),
                setting -> setting.hearingFirst(TrainListener.none()),
                setting -> setting.with(STATE));
    }

    /** One that forgot the learners would have each of them train by itself. */
    @ParameterizedTest
    @MethodSource("additions")
    void another_withMore_keepsAllElse(UnaryOperator<LoopSetting> addition) {
        LoopSetting more = addition.apply(setting);
        assertThat(more.store()).isSameAs(setting.store());
        assertThat(more.interrupt()).isSameAs(setting.interrupt());
        assertThat(more.state()).startsWith(STATE);
        assertThat(more.nanoClock()).isSameAs(setting.nanoClock());
        assertThat(more.evaluator()).isSameAs(EVALUATOR);
        assertThat(more.learners()).isSameAs(learners);
        assertThat(more.dividesOptimizer()).isTrue();
    }

    @Test
    void hearing_callsAfter_hearingFirstBefore() {
        List<String> called = new ArrayList<>();
        setting.hearing(noting("own", called))
                .hearing(noting("after", called))
                .hearingFirst(noting("before", called))
                .listener()
                .onStart(0, 1);
        assertThat(called).containsExactly("before", "own", "after");
    }

    private static TrainListener noting(String name, List<String> into) {
        return new TrainListener() {
            @Override
            public void onStart(int firstStep, int totalSteps) {
                into.add(name);
            }
        };
    }
}
