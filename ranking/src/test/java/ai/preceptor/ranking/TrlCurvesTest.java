package ai.preceptor.ranking;

import ai.preceptor.data.Datasets;
import ai.preceptor.data.OnBadRow;
import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.tiny.TinyChat;
import ai.preceptor.train.tiny.TrlCurve;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole chain on {@code tiny-chat}: template, packing, model, loss, derivative, clipping, AdamW. */
class TrlCurvesTest {

    @ParameterizedTest
    @CsvSource({
        "dpo/sigmoid, SIGMOID, 0, 1",
        "dpo/sigmoid, SIGMOID, 0, 4",
        "dpo/sigmoid_label_smoothing_0.1, SIGMOID, 0.1, 1",
        "dpo/robust_label_smoothing_0.1, ROBUST, 0.1, 1"
    })
    void dpo_followsTrl(String curve, DpoLossType type, double labelSmoothing, int accumulation) {
        List<Preference> rows = Datasets.preferences(Golden.file("pairs.jsonl"), 20, OnBadRow.FAIL)
                .rows();
        DpoLoss loss = new DpoLoss(type, 0.1, labelSmoothing);
        TrlCurve ours = new TrlCurve();
        try (TinyChat tiny = new TinyChat()) {
            tiny.train(
                    RankingObjective.ofPreferences(loss),
                    rows,
                    TinyChat.settings(4 / accumulation)
                            .gradientAccumulationSteps(accumulation)
                            .build(),
                    ours.setting());
        }
        ours.assertFollows(
                Golden.json("trl_curves.json").path(curve),
                "loss",
                "grad_norm",
                "rewards/chosen",
                "rewards/rejected",
                "rewards/margins",
                "rewards/accuracies",
                "logps/chosen",
                "logps/rejected");
    }

    static Stream<Arguments> groupLosses() {
        return Stream.of(
                Arguments.of("rrhf_sft_sum", RrhfLoss.paper()),
                Arguments.of("rrhf_sft_mean", new RrhfLoss(1, SequenceScore.MEAN, SftReduction.MEAN)),
                Arguments.of("pro_none", new ProLoss(ProTemperature.NONE, 0)),
                Arguments.of("pro_reward_sft", ProLoss.paper()));
    }

    /** Some of these groups have equal scores. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("groupLosses")
    void listwise_followsTheReference(String curve, RankingLoss loss) {
        List<RankedGroup> rows = Datasets.rankedGroups(Golden.file("ranked.jsonl"), 0, OnBadRow.FAIL)
                .rows();
        TrlCurve ours = new TrlCurve();
        try (TinyChat tiny = new TinyChat()) {
            tiny.train(
                    RankingObjective.ofGroups(loss), rows, TinyChat.settings(2).build(), ours.setting());
        }
        ours.assertFollows(Golden.json("rank_curves.json").path(curve), "loss", "grad_norm");
    }
}
