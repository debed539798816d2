package ai.preceptor.lm.adapter;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.lm.decoder.LoraTerm;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.TensorFile;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges an adapter into its base weights: W becomes W + scale B A, and modules that were saved whole replace the
 * base's.
 */
final class MergedAdapter {
    /** A tensor of the checkpoint and the block that it is in. */
    private record Place(Parameter block, Parameter.Part part) {}

    private final AdapterConfig config;
    private final AdapterTensors tensors;
    private final Parameters parameters;
    private final TensorFile files;
    private final Map<String, Place> places = new HashMap<>();

    MergedAdapter(AdapterConfig config, AdapterTensors tensors, Parameters parameters) {
        this.config = config;
        this.tensors = tensors;
        this.parameters = parameters;
        this.files = new TensorFile(parameters.torch());
        for (Parameter block : parameters.blocks()) {
            for (Parameter.Part part : block.parts()) {
                places.put(part.name(), new Place(block, part));
                places.put(AdapterTensors.peftName(part.name()), new Place(block, part));
            }
        }
    }

    /** @throws DataException naming a tensor that has no place in the model, or another shape there */
    void merge() {
        tensors.saved().forEach((tensor, name) -> {
            Place place = place(tensor, name);
            tensors.requireShape(name, place.part.shape());
            files.read(tensors.source(), place.part.named(name), place.block.values());
        });
        tensors.linear().forEach(this::mergeLinear);
        tensors.embeddings().forEach(this::mergeEmbedding);
        parameters.refreshCopies();
    }

    private void mergeLinear(String module) {
        try (Scope scope = parameters.torch().scope()) {
            String a = AdapterTensors.nameOfA(module);
            Place place = place(module + ".weight", a);
            int rank = config.rank(module);
            tensors.requireTerms(module, place.part, rank);
            NDArray b = scope.zeros(place.part.rows(), rank);
            files.read(tensors.source(), LoraTerm.partOfB(AdapterTensors.nameOfB(module), place.part, rank), b);
            add(place, module, read(scope, a), b);
        }
    }

    private void mergeEmbedding(String module) {
        try (Scope scope = parameters.torch().scope()) {
            String a = AdapterTensors.nameOfEmbeddingA(module);
            Place place = place(module + ".weight", a);
            int rank = config.rank(module);
            tensors.requireShape(a, rank, place.part.rows());
            tensors.requireShape(
                    AdapterTensors.nameOfEmbeddingB(module), place.part.shape()[1], rank);
            // An embedding's table lies the other way round: [vocabulary, d] += (B A)^T = A^T B^T.
            NDArray b = scope.keep(read(scope, a).transpose());
            add(
                    place,
                    module,
                    scope.keep(
                            read(scope, AdapterTensors.nameOfEmbeddingB(module)).transpose()),
                    b);
        }
    }

    private Place place(String tensor, String name) {
        @Nullable Place place = places.get(tensor);
        if (place == null) {
            throw DataException.in(
                    tensors.source().path(),
                    "tensor \"" + name + "\" has no place in the base model: it has no " + tensor);
        }
        return place;
    }

    private void add(Place place, String module, NDArray a, NDArray b) {
        double scale = config.scale(module, Math.toIntExact(a.getShape().get(0)));
        parameters
                .torch()
                .kernels()
                .tensors()
                .addLowRank(place.block.values(), place.part.firstRow(), place.part.rows(), a, b, scale);
    }

    private NDArray read(Scope scope, String name) {
        NDArray target = scope.zeros(tensors.source().info(name).shape());
        files.readRows(tensors.source(), name, target, 0);
        return target;
    }
}
