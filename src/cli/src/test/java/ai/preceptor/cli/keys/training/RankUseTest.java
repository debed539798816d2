package ai.preceptor.cli.keys.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.config.Settings;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.ranking.RankLossType;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.RankingSettings;
import ai.preceptor.ranking.pair.FDivergence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RankUseTest {
    /** Which the settings themselves refuse where they have no effect. */
    private static final Set<String> REFUSED_ANYWAY =
            Set.of("loss_type", "loss_weights", "f_divergence_type", "ld_alpha", "use_weighting");

    /** A value of every other key that is not its default. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("beta", "0.7"),
            Map.entry("label_smoothing", "0.2"),
            Map.entry("f_alpha_divergence_coef", "0.9"),
            Map.entry("discopop_tau", "1"),
            Map.entry("cpo_alpha", "0.5"),
            Map.entry("simpo_gamma", "2"),
            Map.entry("alpha", "0.1"),
            Map.entry("desirable_weight", "2"),
            Map.entry("undesirable_weight", "2"),
            Map.entry("rrhf_weight", "3"),
            Map.entry("length_penalty", "0.5"),
            Map.entry("sft_reduction", "mean"),
            Map.entry("pro_temperature", "none"),
            Map.entry("sft_weight", "1"),
            Map.entry("pro_ties", "skip"));

    private static RankMethod method(RankLossType type, String... more) {
        List<String> words = new ArrayList<>(List.of("loss_type=" + KeyName.of(type)));
        words.addAll(List.of(more));
        if (type == RankLossType.EXO_PAIR && words.stream().noneMatch(word -> word.startsWith("label_smoothing"))) {
            words.add("label_smoothing=0.1"); // it needs some
        }
        return Settings.of(RankingSettings.class).arguments(words).read().method();
    }

    @Test
    void others_areAllKeys() {
        List<String> keys = new ArrayList<>(DefaultSettings.keys(RankingSettings.class));
        keys.removeAll(REFUSED_ANYWAY);
        assertThat(OTHERS.keySet()).containsExactlyInAnyOrderElementsOf(keys);
    }

    /** Whatever a key leaves the loss as it is, it is said to have no effect. */
    @ParameterizedTest
    @EnumSource(RankLossType.class)
    void unused_keysThatChangeNothing_areAmongThem(RankLossType type) {
        Map<String, String> unused = new RankUse(List.of(type), FDivergence.REVERSE_KL).unused();
        RankMethod standard = method(type);
        OTHERS.forEach((key, value) -> {
            if (method(type, key + "=" + value).equals(standard)) {
                assertThat(unused).containsKey(key);
            }
        });
    }

    @Test
    void unused_ofAMixture_isWhatNoFormReads() {
        List<RankLossType> mixture = List.of(RankLossType.DISCOPOP, RankLossType.SFT);
        assertThat(new RankUse(mixture, FDivergence.ALPHA_DIVERGENCE).unused())
                .containsKeys("label_smoothing", "rrhf_weight")
                .doesNotContainKeys("beta", "discopop_tau", "f_alpha_divergence_coef");
    }
}
