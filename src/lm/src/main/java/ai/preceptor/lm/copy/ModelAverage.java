package ai.preceptor.lm.copy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.weights.ModelTensors;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Models whose weights are averaged with those of a first one.
 *
 * <p><b>Idea.</b> Models that were trained from one start with different orders, seeds or rates lie in one basin: the mean of
 * their weights is as good as their ensemble and costs one model. A mean of reward models keeps what they agree on, and so
 * is harder to exploit and less moved by wrong labels.
 *
 * <p><b>Source.</b> Ramé et al. 2024, WARM, arXiv:2401.12187; Wortsman et al. 2022, Model Soups, arXiv:2203.05482.
 *
 * <p><b>When not to use it.</b> For models that did not start from the same weights: the mean of two basins is in neither. Of
 * reward models the scalar head counts as weights: start them from one head, or from heads of zeros.
 *
 * @param others in the order of the weights; may be empty
 * @param weights of the first model and of the others, positive; each counts by its share of their sum
 */
public record ModelAverage(List<Path> others, List<Double> weights) {
    /** The first model alone. */
    public static final ModelAverage NONE = equal(List.of());

    /** @throws IllegalArgumentException if there is not a positive weight for each model */
    public ModelAverage {
        others = List.copyOf(others);
        weights = List.copyOf(weights);
        if (weights.size() != others.size() + 1
                || weights.stream().anyMatch(weight -> !(weight > 0) || Double.isInfinite(weight))) {
            throw new IllegalArgumentException(
                    "weights: " + weights + ", must be " + (others.size() + 1) + " positive numbers");
        }
    }

    /** All models count alike. */
    public static ModelAverage equal(List<Path> others) {
        return new ModelAverage(others, Collections.nCopies(others.size() + 1, 1.0));
    }

    /**
     * The averaged tensors.
     *
     * @param first closed with what is returned
     * @throws DataException naming a model of another shape, and where it differs
     */
    TensorSource of(WholeModel first) {
        if (others.isEmpty()) {
            return first.weights();
        }
        List<TensorSource> sources = new ArrayList<>(List.of(first.weights()));
        try {
            for (Path other : others) {
                WholeModel opened = WholeModel.open(other, null);
                sources.add(opened.weights());
                requireAlike(first, opened);
            }
            return new AveragedWeights(sources, weights);
        } catch (RuntimeException refused) {
            sources.forEach(TensorSource::close);
            throw refused;
        }
    }

    private static void requireAlike(WholeModel first, WholeModel other) {
        Map<String, Object> expected = figures(first.config());
        Map<String, Object> found = figures(other.config());
        expected.forEach((name, value) -> {
            Object own = Objects.requireNonNull(found.get(name), "the same names");
            if (!own.equals(value)) {
                throw unlike(first, other, name, value, own);
            }
        });
        for (String name : first.names()) {
            boolean there = other.weights().names().contains(name);
            String shape = Arrays.toString(first.weights().info(name).shape());
            String own = there ? Arrays.toString(other.weights().info(name).shape()) : "no such tensor";
            if (!own.equals(shape)) {
                throw unlike(first, other, name, shape, own);
            }
        }
    }

    private static DataException unlike(
            WholeModel first, WholeModel other, String what, Object expected, Object found) {
        return DataException.in(
                other.place(),
                "cannot be averaged with " + first.place() + ": " + what + ": expected " + expected + ", found "
                        + found);
    }

    /** Names of a head's outputs, in their order. */
    private static List<String> labels(DecoderConfig config) {
        return config.json()
                .path("id2label")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    /** What a decoder computes beside its weights; records and their values compare. */
    private static Map<String, Object> figures(DecoderConfig config) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("architectures", config.architecture().label());
        figures.put("number of layers", config.layers());
        figures.put("hidden size", config.hiddenSize());
        figures.put("vocabulary", config.vocabSize());
        figures.put("heads", config.heads());
        figures.put("key and value heads", config.kvHeads());
        figures.put("tied head", config.tieWordEmbeddings());
        figures.put("scores", config.rewardHeads());
        if (config.architecture().process()) {
            figures.put("step separator", config.stepSeparator());
            figures.put("labels", labels(config));
        }
        figures.put("epsilon of norms", config.normEps());
        figures.put("style of layers", config.style());
        figures.put("biases", config.biases());
        figures.put("positions", config.positions());
        figures.put("scales", config.scales());
        figures.put("tensors", ModelTensors.of(config).required().keySet());
        return figures;
    }
}
