package ai.preceptor.formats.family;

import ai.preceptor.formats.io.JsonFields;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Reads {@code layer_types}: which layers use sliding-window attention. */
final class LayerTypes {
    private static final String KEY = "layer_types";

    private LayerTypes() {}

    /**
     * A window for each layer, 0 for none.
     *
     * @param window the model's, 0 for none
     * @param otherwise whether a layer has it when the key is left out
     */
    static List<Integer> windows(JsonFields fields, int layers, int window, IntPredicate otherwise) {
        JsonNode types = fields.value(KEY);
        boolean listed = types.isArray() && types.size() == layers;
        if (!listed && !types.isMissingNode()) {
            fields.problem(KEY, "expected a list of " + layers + " names, one for each layer", types);
        }
        List<Integer> windows = new ArrayList<>();
        boolean missing = false;
        for (int layer = 0; layer < layers; layer++) {
            boolean sliding = listed ? sliding(fields, types.get(layer)) : otherwise.test(layer);
            missing |= sliding && window == 0;
            windows.add(sliding ? window : 0);
        }
        if (missing) {
            fields.problem(
                    "sliding_window",
                    "expected a whole number of at least 1, since there are layers of type"
                            + " sliding_attention, found none");
        }
        return windows;
    }

    private static boolean sliding(JsonFields fields, JsonNode type) {
        String name = type.asText();
        if (!name.equals("sliding_attention") && !name.equals("full_attention")) {
            fields.problem(KEY, "expected full_attention or sliding_attention", type);
        }
        return name.equals("sliding_attention");
    }
}
