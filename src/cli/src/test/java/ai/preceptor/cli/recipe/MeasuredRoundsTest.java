package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.report.MethodResult;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuredRoundsTest {
    private static MeasuredRounds of(String... methods) {
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        for (String method : methods) {
            rows.put(method, new ObjectMapper().createObjectNode().put("method", method));
        }
        return new MeasuredRounds(rows);
    }

    @Test
    void rows_ofTwoStages_areThoseOfTheirRounds() {
        MeasuredRounds rounds = of(
                "f1: start", "f1: round-1/dpo", "f1: round-2/dpo", "em: start", "em: round-1/dpo", "em: round-2/dpo");
        assertThat(rounds.rows())
                .extracting(row -> row.get("round") + " " + row.get("method"))
                .containsExactly("1 f1: dpo", "1 em: dpo", "2 f1: dpo", "2 em: dpo");
        assertThat(rounds.chapter().results())
                .extracting(MethodResult::method)
                .startsWith("f1: start", "em: start", "f1: round-1/dpo")
                .hasSize(6);
        assertThat(rounds.others()).isEmpty();
    }

    @Test
    void others_withoutRounds_areAll() {
        MeasuredRounds none = of("start", "dpo");
        assertThat(none.others()).hasSize(2);
        assertThat(none.chapter().results()).isEqualTo(List.of());
    }
}
