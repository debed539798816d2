package ai.preceptor.cli.command.training;

import ai.preceptor.lm.text.TokenEnds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds {@code token_ends} to a row of {@code samples.jsonl}: where each token of {@code token_ids} ends in {@code completion}, in
 * UTF-16 code units. Left out where tokens do not spell the text.
 *
 * @param ends of the student's vocabulary
 * @param next takes the row
 */
record ShownTokens(TokenEnds ends, Consumer<Map<String, @Nullable Object>> next)
        implements Consumer<Map<String, @Nullable Object>> {
    @Override
    public void accept(Map<String, @Nullable Object> row) {
        Object ids = row.get("token_ids");
        Object text = row.get("completion");
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(row);
        if (text instanceof String completion && !row.containsKey("tool_mask")) {
            ends.of(numbers(ids), completion).ifPresent(found -> shown.put("token_ends", found));
        }
        next.accept(shown);
    }

    private static int[] numbers(@Nullable Object ids) {
        if (ids instanceof int[] numbers) {
            return numbers;
        }
        return ids instanceof List<?> list
                ? list.stream().mapToInt(id -> ((Number) id).intValue()).toArray()
                : new int[0];
    }
}
