package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.kl.KlSettings;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The texts of defaults that depend on the algorithm are what the algorithms have. */
class PolicyAlgorithmTest {
    private static String defaultText(String component) {
        return Arrays.stream(KlSettings.class.getRecordComponents())
                .filter(one -> one.getName().equals(component))
                .map(one -> one.getAnnotation(Key.class).defaultText())
                .findFirst()
                .orElseThrow();
    }

    /** "a, b and c". */
    private static String names(Predicate<PolicyAlgorithm> which) {
        List<String> names = Stream.of(PolicyAlgorithm.values())
                .filter(which)
                .map(KeyName::of)
                .toList();
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    @Test
    void defaultTexts_ofTheKl_nameTheAlgorithmsThatDiffer() {
        assertThat(PolicyAlgorithm.values()).allMatch(one -> one.beta == 0 || one.beta == 0.05);
        assertThat(defaultText("beta")).isEqualTo(names(one -> one.beta > 0) + ": 0.05; others: 0");
        assertThat(defaultText("klPlacement"))
                .isEqualTo(names(one -> one.klPlacement == KlPlacement.LOSS) + ": loss; others: reward");
    }
}
