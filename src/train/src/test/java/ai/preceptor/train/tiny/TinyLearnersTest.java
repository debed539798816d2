package ai.preceptor.train.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.ThreadCollective;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.toy.ToyObjective;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several learners of a real model, as threads. */
class TinyLearnersTest {
    private static final List<Demonstration> ROWS =
            Datasets.preferences(Golden.file("pairs.jsonl"), 9, OnBadRow.FAIL).rows().stream()
                    .map(pair -> new Demonstration(pair.prompt(), pair.chosen()))
                    .toList();

    /** Two epochs of two steps: three micro-batches of two rows, then one of two and one of one, which leaves a learner idle. */
    private static List<StepMetrics> train(Collective learners) {
        return train(learners, false);
    }

    private static List<StepMetrics> train(Collective learners, boolean divides) {
        TrainConfig config = TinyChat.settings(2)
                .gradientAccumulationSteps(3)
                .numTrainEpochs(2)
                .weightDecay(0.01)
                .build();
        List<StepMetrics> steps = new ArrayList<>();
        List<Long> live = new ArrayList<>();
        try (TinyChat tiny = new TinyChat()) {
            tiny.train(
                    new ToyObjective(0),
                    ROWS,
                    config,
                    LoopSetting.inMemory()
                            .hearing(new TrainListener() {
                                @Override
                                public void onStep(StepMetrics step) {
                                    steps.add(step);
                                    live.add(tiny.torch().liveTensors());
                                }
                            })
                            .among(learners, divides));
            assertThat(tiny.torch().liveTensors()).isZero();
        }
        assertThat(live).as("a step leaves no tensor behind").containsOnly(live.get(0));
        return steps;
    }

    /** Also where each keeps only its part of AdamW's moments. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void run_ofThree_equalsThatOfOne(boolean divides) throws Exception {
        List<StepMetrics> one = train(Collective.single());

        List<List<StepMetrics>> three =
                ThreadCollective.each(ThreadCollective.group(3), learners -> train(learners, divides));

        assertThat(one).hasSize(4);
        for (List<StepMetrics> learner : three) {
            for (int i = 0; i < one.size(); i++) {
                assertThat(learner.get(i).loss()).isEqualTo(one.get(i).loss(), within(1e-6));
                assertThat(learner.get(i).gradNorm()).isEqualTo(one.get(i).gradNorm(), within(1e-5));
                assertThat(learner.get(i).loss()).isEqualTo(three.get(0).get(i).loss());
                assertThat(learner.get(i).gradNorm())
                        .isEqualTo(three.get(0).get(i).gradNorm());
            }
        }
    }
}
