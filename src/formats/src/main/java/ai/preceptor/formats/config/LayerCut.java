package ai.preceptor.formats.config;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.family.Positions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A decoder with some of its layers only, numbered anew from 0: a smaller student that starts as part of its teacher.
 *
 * <p>Source: Sanh et al. 2019, DistilBERT, arXiv:1910.01108, 3 (one layer out of two); Shleifer and Rush 2020, Pre-trained
 * Summarization Distillation, arXiv:2010.13002 (layers as evenly spaced as possible).
 *
 * @param from the decoder with all layers
 * @param kept numbers of the layers that stay, from 0, in increasing order
 */
public record LayerCut(DecoderConfig from, List<Integer> kept) {
    private static final String LAYER_TYPES = "layer_types";
    private static final String ROPES = "no_rope_layers";

    /** @throws ConfigurationException if there is none, one is outside, or they do not increase */
    public LayerCut {
        kept = List.copyOf(kept);
        problem(kept).ifPresent(what -> {
            throw new ConfigurationException("keep_layers: " + what);
        });
        int last = kept.get(kept.size() - 1);
        if (last >= from.layers()) {
            throw new ConfigurationException("keep_layers: expected numbers from 0 to " + (from.layers() - 1)
                    + ", the model's layers, found " + last);
        }
    }

    /** What is wrong with a list whatever the model is; empty where nothing is. */
    public static Optional<String> problem(List<Integer> kept) {
        if (kept.isEmpty()) {
            return Optional.of("expected at least one layer, found []");
        }
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i) < 0 || (i > 0 && kept.get(i) <= kept.get(i - 1))) {
                return Optional.of("expected numbers from 0 in increasing order, found " + kept);
            }
        }
        return Optional.empty();
    }

    /**
     * The configuration of what is left. Lists with an entry for each layer are cut along; a window or a rotary embedding
     * that follows from a layer's number is written down in such a list.
     *
     * @throws ConfigurationException when a layer would compute something else under its new number
     */
    public DecoderConfig config() {
        DecoderConfig cut = from.edited(this::cut);
        if (!same(cut.positions().windowOf(), from.positions().windowOf())) {
            cut = cut.edited(json -> writeTypes(json.putArray(LAYER_TYPES)));
        }
        if (!same(cut.positions().ropeOf(), from.positions().ropeOf())) {
            cut = cut.edited(json -> writeRopes(json.putArray(ROPES)));
        }
        requireSame(
                "sliding windows", cut.positions().windowOf(), from.positions().windowOf());
        requireSame(
                "rotary embeddings", cut.positions().ropeOf(), from.positions().ropeOf());
        requireSame(
                "scales of attention", cut.scales().attention(), from.scales().attention());
        return cut;
    }

    private void cut(ObjectNode json) {
        json.put(from.architecture().family().layersKey(), kept.size());
        for (String key : List.of(LAYER_TYPES, ROPES)) {
            JsonNode list = json.path(key);
            if (list.isArray() && list.size() >= from.layers()) {
                ArrayNode left = json.putArray(key);
                kept.forEach(layer -> left.add(list.get(layer)));
            }
        }
    }

    private void writeTypes(ArrayNode types) {
        kept.forEach(layer ->
                types.add(from.positions().windowOf().get(layer) > 0 ? "sliding_attention" : "full_attention"));
    }

    private void writeRopes(ArrayNode ropes) {
        kept.forEach(layer -> ropes.add(from.positions().ropeOf().get(layer) == Positions.NONE ? 0 : 1));
    }

    private <T> boolean same(List<T> after, List<T> before) {
        return after.equals(kept.stream().map(before::get).toList());
    }

    private <T> void requireSame(String what, List<T> after, List<T> before) {
        if (!same(after, before)) {
            throw new ConfigurationException("keep_layers: " + what + " of "
                    + from.architecture().label() + " follow from the number of a layer, which " + kept
                    + " would change; expected layers from 0 on");
        }
    }

    /** The name of a tensor in what is left; empty where its layer is left out. */
    public Optional<String> rename(String tensor) {
        String prefix = from.tensorNames().trunk() + from.tensorNames().layers();
        if (!tensor.startsWith(prefix)) {
            return Optional.of(tensor);
        }
        int end = tensor.indexOf('.', prefix.length());
        int place = kept.indexOf(Integer.valueOf(tensor.substring(prefix.length(), end)));
        return place < 0 ? Optional.empty() : Optional.of(prefix + place + tensor.substring(end));
    }
}
