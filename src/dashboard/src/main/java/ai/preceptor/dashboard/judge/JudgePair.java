package ai.preceptor.dashboard.judge;

import ai.preceptor.data.Preference;
import ai.preceptor.data.files.Sha256;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pair as it is shown.
 *
 * @param id digest of the prompt with what the chat template reads of it, and both answers
 * @param preference what the teacher preferred
 * @param chosenFirst whether the answer that the teacher chose is shown first
 */
record JudgePair(String id, Preference preference, boolean chosenFirst) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ID_LENGTH = 32;

    /** Columns that a chat template reads: with others of them, a prompt is another one. */
    private static final List<String> READ_BY_TEMPLATES = List.of("tools", "documents", "chat_template_kwargs");

    /**
     * The side is random, but the same whenever the pair is shown.
     *
     * @param seed of the sides
     */
    static JudgePair of(Preference preference, long seed) {
        String id = digest(preference);
        return new JudgePair(
                id, preference, "01234567".indexOf(Sha256.of(seed + " " + id).charAt(0)) >= 0);
    }

    private static String digest(Preference preference) {
        Map<String, Object> columns = new LinkedHashMap<>();
        for (String name : READ_BY_TEMPLATES) {
            Object value = preference.prompt().columns().get(name);
            if (value != null) {
                columns.put(name, value);
            }
        }
        List<Object> parts = new ArrayList<>(List.of(
                preference.prompt().text().toJson(),
                preference.chosen().toJson(),
                preference.rejected().toJson()));
        if (!columns.isEmpty()) { // pairs without such columns keep the ids of earlier versions, and so their verdicts
            parts.add(columns);
        }
        try {
            return Sha256.of(JSON.writeValueAsString(parts)).substring(0, ID_LENGTH);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("pair: expected texts that JSON can say", e);
        }
    }

    /** Prompt and answers, without a sign of which was chosen. */
    Map<String, Object> shown() {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", id);
        shown.put("prompt", preference.prompt().text().toJson());
        shown.put("first", (chosenFirst ? preference.chosen() : preference.rejected()).toJson());
        shown.put("second", (chosenFirst ? preference.rejected() : preference.chosen()).toJson());
        return shown;
    }

    /** 1 if the teacher prefers the chosen answer, -1 if the other one, 0 if it is undecided. */
    int teacher() {
        Double probability = preference.chosenProbability();
        return probability == null ? 1 : (int) Math.signum(probability - 0.5);
    }
}
