package ai.preceptor.ranking;

import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.group.GroupObjective;
import ai.preceptor.ranking.group.ProLoss;
import ai.preceptor.ranking.group.ProTemperature;
import ai.preceptor.ranking.group.RrhfLoss;
import ai.preceptor.ranking.group.SftReduction;
import ai.preceptor.ranking.pair.CpoLoss;
import ai.preceptor.ranking.pair.CpoLossType;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.DpoLossType;
import ai.preceptor.ranking.pair.FDivergence;
import ai.preceptor.ranking.pair.OrpoLoss;
import ai.preceptor.ranking.pair.PairLoss;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.ranking.pair.PairOptions;
import ai.preceptor.ranking.unpaired.KtoLoss;
import ai.preceptor.ranking.unpaired.LabeledRow;
import ai.preceptor.ranking.unpaired.UnpairedObjective;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.tiny.TinyChat;
import ai.preceptor.train.tiny.TrlCurve;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole chain on {@code tiny-chat}: template, packing, model, loss, derivative, clipping, AdamW. */
class TrlCurvesTest {

    private static List<Preference> pairs() {
        return Datasets.preferences(Golden.file("pairs.jsonl"), 20, OnBadRow.FAIL)
                .rows();
    }

    /** Every DPO curve there is. */
    static Stream<String> dpoCurves() {
        List<String> names = new ArrayList<>();
        Golden.json("trl_curves.json").fieldNames().forEachRemaining(names::add);
        return names.stream().filter(name -> name.startsWith("dpo/"));
    }

    @ParameterizedTest
    @MethodSource("dpoCurves")
    void dpo_followsTrl(String curve) {
        JsonNode config = Golden.json("trl_curves.json").path(curve).path("config");
        PairOptions options = new PairOptions(
                config.has("ld_alpha") ? config.path("ld_alpha").asDouble() : null,
                config.path("use_weighting").asBoolean());
        follow(curve, PairObjective.ofPreferences(dpo(config), options), 1);
    }

    @Test
    void dpo_accumulated_followsTrl() {
        follow("dpo/sigmoid", PairObjective.ofPreferences(DpoLoss.sigmoid(0.1)), 4);
    }

    private static DpoLoss dpo(JsonNode config) {
        List<DpoLoss.Form> forms = new ArrayList<>();
        for (int i = 0; i < config.path("loss_type").size(); i++) {
            String type = config.path("loss_type").path(i).asText().toUpperCase(Locale.ROOT);
            double weight = config.path("loss_weights").path(i).asDouble(1);
            forms.add(new DpoLoss.Form(DpoLossType.valueOf(type), weight));
        }
        String divergence = config.path("f_divergence_type").asText("reverse_kl");
        return new DpoLoss(
                forms,
                config.path("beta").asDouble(),
                config.path("label_smoothing").asDouble(),
                FDivergence.valueOf(divergence.toUpperCase(Locale.ROOT)),
                DpoLoss.DIVERGENCE_ALPHA,
                DpoLoss.DISCOPOP_TAU);
    }

    static Stream<Arguments> referenceFree() {
        return Stream.of(
                Arguments.of("cpo/cpo", new CpoLoss(CpoLossType.SIGMOID, 0.1, 0, 0.5, 1, 0)),
                Arguments.of("cpo/simpo", CpoLoss.simpo(2, 0.5)),
                Arguments.of("orpo/orpo", new OrpoLoss(0.1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("referenceFree")
    void referenceFree_followsTrl(String curve, PairLoss loss) {
        follow(curve, PairObjective.ofPreferences(loss), 1);
        follow(curve, PairObjective.ofPreferences(loss), 2);
    }

    private static void follow(String curve, PairObjective<Preference> objective, int accumulation) {
        TrlCurve ours = new TrlCurve();
        try (TinyChat tiny = new TinyChat()) {
            tiny.train(
                    objective,
                    pairs(),
                    TinyChat.settings(4 / accumulation)
                            .gradientAccumulationSteps(accumulation)
                            .build(),
                    ours.setting());
        }
        assertFollows(ours, curve);
    }

    /** All numbers that TRL tells. */
    private static void assertFollows(TrlCurve ours, String curve) {
        JsonNode trl = Golden.json("trl_curves.json").path(curve);
        List<String> names = new ArrayList<>();
        trl.path("steps").path(0).fieldNames().forEachRemaining(names::add);
        ours.assertFollows(trl, names.toArray(String[]::new));
    }

    @Test
    void kto_followsTrl() {
        List<LabeledCompletion> rows =
                pairs().stream().flatMap(pair -> LabeledRow.of(pair).stream()).toList();
        TrlCurve ours = new TrlCurve();
        try (TinyChat tiny = new TinyChat()) {
            UnpairedObjective objective = new UnpairedObjective(KtoLoss.kto(0.1), 256);
            tiny.train(
                    objective, LabeledRow.rotate(rows, 4), TinyChat.settings(4).build(), objective.in(ours.setting()));
        }
        assertFollows(ours, "kto/kto");
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
    void listwise_followsTheReference(String curve, GroupLoss loss) {
        List<RankedGroup> rows = Datasets.rankedGroups(Golden.file("ranked.jsonl"), 0, OnBadRow.FAIL)
                .rows();
        TrlCurve ours = new TrlCurve();
        try (TinyChat tiny = new TinyChat()) {
            tiny.train(GroupObjective.ofGroups(loss), rows, TinyChat.settings(2).build(), ours.setting());
        }
        ours.assertFollows(Golden.json("rank_curves.json").path(curve), "loss", "grad_norm");
    }
}
