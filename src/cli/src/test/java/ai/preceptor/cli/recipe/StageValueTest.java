package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageValueTest {
    /** @param written stage, place, method and value of each */
    private static List<String> distinct(String... written) {
        List<StageValue<String>> all = Arrays.stream(written)
                .map(each -> each.split(" "))
                .map(each -> new StageValue<>(each[0], each[1], each[2], each[3]))
                .toList();
        return StageValue.distinct(all).stream()
                .map(each -> each.method() + "=" + each.value())
                .toList();
    }

    @Test
    void distinct_equalValuesOfTwoStages_countOnce() {
        assertThat(distinct("f1 1 start 5", "f1 1 dpo 7", "em 1 start 5", "em 1 sft 3"))
                .containsExactly("start=5", "dpo=7", "sft=3");
    }

    @Test
    void distinct_stagesThatDiffer_areNamedWithAllTheirMethods() {
        assertThat(distinct("f1 1 start 5", "f1 1 dpo 7", "em 1 start 4", "em 1 sft 3"))
                .containsExactly("f1: start=5", "f1: dpo=7", "em: start=4", "em: sft=3");
    }

    @Test
    void distinct_oneStage_isNotNamed_andItsFirstStartCounts() {
        assertThat(distinct("judge 1 start 5", "judge 1 round-1/dpo 7", "judge 1 start 6", "judge 1 round-2/dpo 8"))
                .containsExactly("start=5", "round-1/dpo=7", "round-2/dpo=8");
        assertThat(distinct("judge 1 start 5", "judge 2 start 6")).containsExactly("start=5", "start=6");
    }
}
