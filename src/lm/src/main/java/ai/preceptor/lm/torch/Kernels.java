package ai.preceptor.lm.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Functions written in TorchScript. They live in text resources beside this class and are packed into one TorchScript module
 * in memory, so every ATen operator is one call away without a compiler or Python. An interface for each area has them as
 * methods ({@link KernelMethods}), which are compared with the functions when they are loaded.
 *
 * <p>Calls run in PyTorch's inference mode: no graph is ever recorded. A kernel may write into tensors it is given when
 * its name or comment says so.
 */
public final class Kernels extends KernelModule {
    private final Device device;
    private final TensorKernels tensors;
    private final DecoderKernels decoder;
    private final HeadKernels head;
    private final DivergenceKernels divergence;
    private final OptimizerKernels optimizer;
    private final DecodeKernels decode;
    private @Nullable KernelModule collective;

    private Kernels(Device device, KernelScript script) {
        super(script);
        this.device = device;
        this.tensors = KernelMethods.of(TensorKernels.class, this);
        this.decoder = KernelMethods.of(DecoderKernels.class, this);
        this.head = KernelMethods.of(HeadKernels.class, this);
        this.divergence = KernelMethods.of(DivergenceKernels.class, this);
        this.optimizer = KernelMethods.of(OptimizerKernels.class, this);
        this.decode = KernelMethods.of(DecodeKernels.class, this);
    }

    /** PyTorch refuses a module with an operator that it was built without, so what it may lack has a second form. */
    static Kernels load(Device device) {
        try {
            return load(device, "packed");
        } catch (EngineException e) {
            return load(device, "unpacked");
        }
    }

    /** @param packing the resource that says how matrices are laid out for generation */
    static Kernels load(Device device, String packing) {
        return new Kernels(device, KernelScript.of(device, KernelSource.areas(packing)));
    }

    /** Copies, views and conversions. */
    public TensorKernels tensors() {
        return tensors;
    }

    /** Training's passes through a decoder. */
    public DecoderKernels decoder() {
        return decoder;
    }

    /** Heads over the vocabulary, and scalar ones. */
    public HeadKernels head() {
        return head;
    }

    /** Comparisons of whole distributions. */
    public DivergenceKernels divergence() {
        return divergence;
    }

    /** Updates of weights. */
    public OptimizerKernels optimizer() {
        return optimizer;
    }

    /** Generation. */
    public DecodeKernels decode() {
        return decode;
    }

    /** The kernels that exchange tensors between processes. They call operators of a library that is loaded by now. */
    synchronized CollectiveKernels collective() {
        KernelModule loaded = collective;
        if (loaded == null) {
            loaded = new KernelModule(KernelScript.of(device, List.of("collective")));
            collective = loaded;
        }
        return KernelMethods.of(CollectiveKernels.class, loaded);
    }
}
