package ai.preceptor.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Message;
import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.group.GroupObjective;
import ai.preceptor.ranking.group.LambdaLoss;
import ai.preceptor.ranking.group.ListwiseScore;
import ai.preceptor.ranking.group.PlackettLuceLoss;
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
import ai.preceptor.ranking.unpaired.KtoLossType;
import ai.preceptor.ranking.unpaired.LabeledRow;
import ai.preceptor.ranking.unpaired.UnpairedLoss;
import ai.preceptor.ranking.unpaired.UnpairedObjective;
import ai.preceptor.testkit.FloatArrays;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Objective;
import ai.preceptor.train.tiny.TinyChat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Loss and gradient of every ranking method are the same with prompts shared or not, with the head's vocabulary in tiles of
 * 16 or 4096 columns, and in one micro-batch of eight or eight of one.
 */
class RankingInvarianceTest {
    private static final int ROWS = 8;
    private static final List<Preference> PAIRS =
            Datasets.preferences(Golden.file("pairs.jsonl"), ROWS, OnBadRow.FAIL).rows().stream()
                    .map(pair -> new Preference(pair.prompt(), begin(pair.chosen()), begin(pair.rejected())))
                    .toList();
    private static final List<RankedGroup> GROUPS =
            Datasets.rankedGroups(Golden.file("ranked.jsonl"), ROWS, OnBadRow.FAIL).rows().stream()
                    .map(group -> new RankedGroup(
                            group.prompt(),
                            group.responses().stream()
                                    .map(RankingInvarianceTest::begin)
                                    .toList(),
                            group.scores()))
                    .toList();

    private static final TinyChat TINY = new TinyChat();
    private static LanguageModel wide;
    private static LanguageModel narrow;
    private static LanguageModel reference;

    /** The beginning of an answer, as long as its length says: a step of such rows takes little time. */
    private static Text begin(Text answer) {
        String whole = answer.asString();
        return Text.chat(Message.assistant(whole.substring(0, Math.min(whole.length(), 20 + whole.length() % 30))));
    }

    @BeforeAll
    static void open() {
        LoadOptions options = LoadOptions.TRAINED;
        wide = LanguageModel.load(TINY.torch(), Golden.dir("tiny-chat"), options.withVocabularyTile(4096));
        narrow = LanguageModel.load(TINY.torch(), Golden.dir("tiny-chat"), options.withVocabularyTile(16));
        reference = LanguageModel.initialise(TINY.torch(), wide.config(), LoadOptions.FROZEN, 20261125);
    }

    @AfterAll
    static void close() {
        reference.close();
        narrow.close();
        wide.close();
        TINY.close();
    }

    /**
     * A method on rows of its kind.
     *
     * @param accumulates whether eight micro-batches of one are one of eight; the others compare rows of a micro-batch
     */
    record Case<R>(String name, Objective<R> objective, List<R> rows, boolean accumulates) {
        void check() {
            RankingSplits.Step whole = splits(wide).packed(rows, ROWS);
            assertThat(whole.gradients()).as("gradients").anyMatch(Case::moves);
            same(splits(narrow).single(rows), whole, "answers run alone, tiles of 16");
            RankingSplits.Step split = splits(narrow).packed(rows, 1);
            if (accumulates) {
                same(split, whole, "micro-batches of one, tiles of 16");
            } else {
                assertThat(split.loss()).as("as documented").isNotCloseTo(whole.loss(), within(1e-5));
            }
        }

        private RankingSplits<R> splits(LanguageModel model) {
            return new RankingSplits<>(model, reference, TINY.encoder(), objective);
        }

        private static boolean moves(float[] gradient) {
            for (float value : gradient) {
                if (Math.abs(value) > 1e-3) {
                    return true;
                }
            }
            return false;
        }

        /** 1e-5 of the loss, and of the largest entry of a block's gradient. */
        private static void same(RankingSplits.Step found, RankingSplits.Step expected, String how) {
            assertThat(found.loss())
                    .as(how)
                    .isCloseTo(expected.loss(), within(1e-5 * Math.max(1, Math.abs(expected.loss()))));
            for (int block = 0; block < expected.gradients().size(); block++) {
                float[] gradient = expected.gradients().get(block);
                float largest = 1;
                for (float value : gradient) {
                    largest = Math.max(largest, Math.abs(value));
                }
                FloatArrays.assertClose(
                        how + ", block " + block, found.gradients().get(block), gradient, 1e-5 * largest);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case<?>> methods() {
        List<Case<?>> cases = new ArrayList<>();
        for (DpoLossType type : DpoLossType.values()) {
            DpoLoss loss = new DpoLoss(type, 0.1, 0.1);
            if (type.couplesPairs()) { // in two equally long lists the pairs may lie in order as they are
                cases.add(new Case<>(lower(type), PairObjective.ofGroups(loss), GROUPS, false));
            } else {
                cases.add(new Case<>(lower(type), PairObjective.ofPreferences(loss), PAIRS, true));
            }
        }
        for (FDivergence divergence : FDivergence.values()) {
            DpoLoss loss = mixture(divergence, DpoLossType.SIGMOID, DpoLossType.IPO, DpoLossType.SFT);
            add(cases, "mixture, " + lower(divergence), loss, PairOptions.PLAIN, true);
        }
        DpoLoss three = mixture(FDivergence.REVERSE_KL, DpoLossType.SIGMOID, DpoLossType.BCO_PAIR, DpoLossType.SFT);
        add(cases, "mixture, ld_alpha", three, new PairOptions(0.3, false), true);
        add(cases, "mixture, use_weighting", three, new PairOptions(null, true), false);
        add(cases, "sigmoid, use_weighting", DpoLoss.sigmoid(0.1), new PairOptions(0.5, true), true);
        DpoLoss sorted = mixture(FDivergence.REVERSE_KL, DpoLossType.AOT, DpoLossType.APO_ZERO);
        add(cases, "mixture, aot", sorted, PairOptions.PLAIN, false);
        for (CpoLossType type : CpoLossType.values()) {
            add(cases, "cpo " + lower(type), new CpoLoss(type, 0.1, 0.1, 0.5, 1, 0), PairOptions.PLAIN, true);
        }
        add(cases, "simpo", CpoLoss.simpo(2, 0.5), PairOptions.PLAIN, true);
        add(cases, "alphapo", new CpoLoss(CpoLossType.SIMPO, 2, 0, 0.5, 0, 0.1), PairOptions.PLAIN, true);
        add(cases, "orpo", new OrpoLoss(0.1), PairOptions.PLAIN, true);
        List<LabeledRow> verdicts = LabeledRow.rotate(
                PAIRS.subList(0, ROWS / 2).stream()
                        .flatMap(pair -> LabeledRow.of(pair).stream())
                        .toList(),
                ROWS);
        for (KtoLossType type : KtoLossType.values()) {
            UnpairedObjective objective = new UnpairedObjective(new KtoLoss(type, 0.1, 1.3, 0.7), 256);
            boolean accumulates = type.baseline() == UnpairedLoss.Baseline.NONE;
            cases.add(new Case<>(lower(type), objective, verdicts, accumulates));
        }
        for (GroupLoss loss : List.of(
                RrhfLoss.paper(),
                new RrhfLoss(1, SequenceScore.MEAN, SftReduction.MEAN),
                ProLoss.paper(),
                new ProLoss(ProTemperature.NONE, 0.05),
                new PlackettLuceLoss(ListwiseScore.MEAN_LOGP, 0.1),
                new PlackettLuceLoss(ListwiseScore.IMPLICIT_REWARD, 0.1),
                new LambdaLoss(0.05))) {
            cases.add(new Case<>(loss.toString(), GroupObjective.ofGroups(loss), GROUPS, true));
        }
        return cases.stream();
    }

    private static void add(List<Case<?>> cases, String name, PairLoss loss, PairOptions options, boolean accumulates) {
        cases.add(new Case<>(name, PairObjective.ofGroups(loss, options), GROUPS, accumulates));
    }

    private static DpoLoss mixture(FDivergence divergence, DpoLossType... types) {
        List<DpoLoss.Form> forms = new ArrayList<>();
        for (DpoLossType type : types) {
            forms.add(new DpoLoss.Form(type, 0.25 + 0.5 * forms.size()));
        }
        return new DpoLoss(forms, 0.1, 0, divergence, DpoLoss.DIVERGENCE_ALPHA, DpoLoss.DISCOPOP_TAU);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void step_isTheSame_howeverItIsCutPackedAndTiled(Case<?> method) {
        method.check();
    }
}
