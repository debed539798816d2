package ai.preceptor.formats.family;

import ai.preceptor.formats.io.JsonFields;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Llama without rotary positions in every fourth layer, or in listed layers. */
final class SmolLm3 extends Family {
    private static final int INTERVAL = 4;

    @Override
    Defaults defaults() {
        return Defaults.LLAMA.kvHeads(4).positions(32_768).theta(2_000_000).withTiedHead();
    }

    @Override
    Positions positions(JsonFields fields, Sizes sizes) {
        List<Integer> ropeOf = ropeOf(fields, sizes.layers());
        int window = fields.has("sliding_window") ? fields.size("sliding_window", Integer.MAX_VALUE) : 0;
        boolean windows = window > 0 && fields.flag("use_sliding_window", false);
        List<Integer> windowOf = LayerTypes.windows(
                fields, sizes.layers(), window, layer -> windows && ropeOf.get(layer) == Positions.NONE);
        return new Positions(List.of(rope(fields, sizes)), ropeOf, windowOf, 0);
    }

    private static List<Integer> ropeOf(JsonFields fields, int layers) {
        int interval = fields.size("no_rope_layer_interval", MAX_LAYERS, INTERVAL);
        JsonNode list = fields.value("no_rope_layers");
        boolean listed = list.isArray() && list.size() >= layers;
        if (!listed && !list.isMissingNode()) {
            fields.problem("no_rope_layers", "expected a list of 0 and 1 for each of " + layers + " layers", list);
        }
        List<Integer> ropeOf = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            boolean rotary = listed ? list.get(layer).asInt() != 0 : (layer + 1) % interval != 0;
            ropeOf.add(rotary ? 0 : Positions.NONE);
        }
        return ropeOf;
    }
}
