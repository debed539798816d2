package ai.preceptor.lm.adapter;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.lm.decoder.Decoder;
import ai.preceptor.lm.decoder.LayerWeights;
import ai.preceptor.lm.decoder.LoraTerm;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.TensorFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A LoRA adapter in training: its matrices beside the frozen weights, and the modules that are trained whole. */
public final class Adapter {
    private final AdapterPlan plan;
    private final AdapterConfig config;
    private final Parameters parameters;
    private final List<LoraTerm> terms = new ArrayList<>();

    private Adapter(AdapterPlan plan, AdapterConfig config, Parameters parameters) {
        this.plan = plan;
        this.config = config;
        this.parameters = parameters;
    }

    /**
     * Adds the adapter of a plan to a model whose weights are loaded.
     *
     * @throws ConfigurationException when a new adapter has no place in the model
     * @throws DataException when one that is read does not fit it
     */
    static Adapter attach(AdapterPlan plan, AdapterConfig config, Decoder decoder, Parameters parameters) {
        Adapter adapter = new Adapter(plan, config, parameters);
        parameters.seed(plan.seed());
        decoder.dropOut(config.lora().dropout());
        Path directory = plan.source().adapter();
        if (plan.fresh() || directory == null) {
            adapter.start(decoder);
        } else {
            try (AdapterTensors tensors = AdapterTensors.open(directory)) {
                adapter.declare(decoder, tensors);
                adapter.load(tensors);
            }
            adapter.terms.forEach(term -> {
                parameters.keepReference(term.a());
                parameters.keepReference(term.b());
            });
        }
        parameters.blocks().stream().filter(Parameter::isTrainable).forEach(parameters::keepReference);
        return adapter;
    }

    private void start(Decoder decoder) {
        List<String> modules = new ArrayList<>();
        each(decoder, (layer, projection, part) -> {
            String module = AdapterPlan.module(part.name());
            modules.add(module);
            if (config.lora().targetModules().chooses(module) && !plan.saves(module)) {
                LoraTerm term = declare(layer, projection, part, config.lora().r());
                uniform(term, new Random(plan.seed() ^ module.hashCode()));
            }
        });
        if (terms.isEmpty()) {
            throw TargetModules.none(config.lora().targetModules(), modules);
        }
        parameters.refreshCopies();
    }

    private void uniform(LoraTerm term, Random random) {
        double bound = 1 / Math.sqrt((double) term.width());
        float[] values = new float[Math.toIntExact(term.a().compute().size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        parameters.set(term.a(), term.a().parts().get(0), values);
        parameters.torch().kernels().tensors().fill(term.b().values(), 0);
    }

    private void declare(Decoder decoder, AdapterTensors tensors) {
        SortedSet<String> left = new TreeSet<>(tensors.linear());
        left.addAll(tensors.embeddings());
        each(decoder, (layer, projection, part) -> {
            String module = AdapterPlan.module(part.name());
            boolean adapted = left.remove(module);
            plan.requireTarget(module, adapted);
            if (adapted) {
                int rank = config.rank(module);
                tensors.requireTerms(module, part, rank);
                declare(layer, projection, part, rank);
            }
        });
        if (!left.isEmpty()) {
            throw DataException.in(
                    tensors.source().path(),
                    "has adapters that are not trained here (merge them into the base, then train that): " + left);
        }
    }

    private LoraTerm declare(LayerWeights layer, int projection, Parameter.Part part, int rank) {
        String module = AdapterPlan.module(part.name());
        Parameter a = parameters.addToAdapter(
                new Parameter.Part(AdapterTensors.nameOfA(module), 0, new long[] {rank, part.blockShape()[1]}));
        Parameter b = parameters.addToAdapter(LoraTerm.partOfB(AdapterTensors.nameOfB(module), part, rank));
        LoraTerm term = new LoraTerm(module, projection, part.firstRow(), a, b, config.scale(module, rank));
        layer.adapt(term);
        terms.add(term);
        return term;
    }

    /** Takes a linear module's place. */
    private interface Place {
        void take(LayerWeights layer, int projection, Parameter.Part part);
    }

    private static void each(Decoder decoder, Place place) {
        for (LayerWeights layer : decoder.layers()) {
            for (int i = 0; i < layer.matrices().size(); i++) {
                for (Parameter.Part part : layer.matrices().get(i).parts()) {
                    place.take(layer, i, part);
                }
            }
        }
    }

    /**
     * Reads the numbers of an adapter of the same shape.
     *
     * @throws DataException when a tensor is missing or of another shape
     */
    public void load(Path directory) {
        try (AdapterTensors tensors = AdapterTensors.open(directory)) {
            load(tensors);
        }
    }

    private void load(AdapterTensors tensors) {
        TensorFile files = new TensorFile(parameters.torch());
        for (Parameter block : parameters.trained()) {
            for (Parameter.Part part : block.parts()) {
                String name = tensors.savedAs(part.name()).orElse(nameOf(part));
                // A head that the adapter is to get is not in it yet.
                if (tensors.source().names().contains(name) || part.name().contains(".lora_")) {
                    tensors.requireShape(name, part.shape());
                    files.read(tensors.source(), part.named(name), block.values());
                }
            }
        }
        parameters.refreshCopies();
    }

    /** The modules with what B A of each is multiplied with. */
    public String scales() {
        return terms.stream().map(term -> term.module() + " " + term.scale()).collect(Collectors.joining("\n"));
    }

    private static String nameOf(Parameter.Part part) {
        return part.name().contains(".lora_") ? part.name() : AdapterTensors.nameOfSaved(part.name());
    }

    /** Writes {@code adapter_config.json} and float32 weights into an existing directory. */
    public void write(Path directory) {
        TensorFile files = new TensorFile(parameters.torch());
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (Parameter block : parameters.trained()) {
            for (Parameter.Part part : block.parts()) {
                tensors.put(
                        nameOf(part),
                        TensorData.pieces(DType.F32, part.shape(), files.pieces(part, block.values(), DType.F32)));
            }
        }
        SafetensorsWriter.write(directory.resolve(AdapterTensors.FILE), tensors, SafetensorsWriter.PYTORCH);
        List<String> saved = config.lora().modulesToSave().stream()
                .map(AdapterTensors::peftName)
                .toList();
        named().as(config.reward(), saved).on(plan.source().base()).write(directory);
    }

    /** Names of a new adapter's modules as they are in this model; an expression stays as it was given. */
    private AdapterConfig named() {
        if (!plan.fresh() || config.lora().targetModules() instanceof TargetModules.Matching) {
            return config;
        }
        List<String> modules = terms.stream().map(LoraTerm::module).toList();
        List<String> given = config.lora().targetModules() instanceof TargetModules.Named named
                ? named.names().stream()
                        .filter(name -> new TargetModules.Named(List.of(name)).choosesAny(modules))
                        .toList()
                : List.copyOf(TargetModules.lastNames(modules));
        return config.targeting(new TargetModules.Named(given));
    }
}
