package ai.preceptor.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Datasets;
import ai.preceptor.data.OnBadRow;
import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TinyChat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Five steps of training against TRL's own curves, and against those of RRHF's and PRO's formulas in PyTorch. */
class RankingCurveTest {

    private static TinyChat chat;

    @BeforeAll
    static void open() {
        chat = new TinyChat();
    }

    @AfterAll
    static void close() {
        chat.close();
    }

    static Stream<Arguments> pairLosses() {
        return Stream.of(
                Arguments.of("sigmoid", DpoLoss.sigmoid(0.1)),
                Arguments.of("sigmoid_label_smoothing_0.1", new DpoLoss(DpoLossType.SIGMOID, 0.1, 0.1)),
                Arguments.of("robust_label_smoothing_0.1", new DpoLoss(DpoLossType.ROBUST, 0.1, 0.1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairLosses")
    void dpo_followsTrl(String name, RankingLoss loss) {
        List<Preference> rows = Datasets.preferences(Golden.file("pairs.jsonl"), 20, OnBadRow.FAIL)
                .rows();
        chat.follow(
                Golden.json("trl_curves.json").required("dpo/" + name), RankingObjective.ofPreferences(loss), rows, 4);
    }

    static Stream<Arguments> groupLosses() {
        return Stream.of(
                Arguments.of("rrhf_sft_sum", RrhfLoss.paper()),
                Arguments.of("rrhf_sft_mean", new RrhfLoss(1, SequenceScore.MEAN, SftReduction.MEAN)),
                Arguments.of("pro_none", new ProLoss(ProTemperature.NONE, 0)),
                Arguments.of("pro_reward_sft", ProLoss.paper()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("groupLosses")
    void listwise_followsTheReference(String name, RankingLoss loss) {
        List<RankedGroup> rows = Datasets.rankedGroups(Golden.file("ranked.jsonl"), 0, OnBadRow.FAIL)
                .rows();
        assertThat(rows).hasSize(10);
        chat.follow(Golden.json("rank_curves.json").required(name), RankingObjective.ofGroups(loss), rows, 2);
    }
}
