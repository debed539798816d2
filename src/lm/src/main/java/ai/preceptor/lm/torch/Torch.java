package ai.preceptor.lm.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import ai.preceptor.data.ConfigurationException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * One device with its kernels, and the root of everything native on it.
 *
 * <p>PyTorch keeps its executor settings per thread, so a thread calls {@link #bindThread} once before it uses tensors of
 * this device; {@link #open} binds the calling thread. Scopes may be used by one thread at a time.
 */
public final class Torch implements AutoCloseable {
    private final PtNDManager root;
    private final Kernels kernels;
    private final int threads;
    private final ShardExecutor shards;
    private final Set<Scope> scopes = ConcurrentHashMap.newKeySet();

    private Torch(PtNDManager root, int threads) {
        this.root = root;
        this.threads = threads;
        this.shards = new ShardExecutor(root.getDevice().isGpu() ? 1 : threads);
        this.kernels = Kernels.load(root.getDevice());
    }

    /**
     * Opens a device.
     *
     * @param device {@code auto} (a CUDA device when there is one, else the processor), {@code cpu} or {@code cuda:N}
     * @param threads threads for one operation, 0 for libtorch's own number, usually one for each core
     * @throws ConfigurationException when the name is not legal, the device is not there, libtorch is not on the class path,
     *     or {@code PYTORCH_LIBRARY_PATH} is no libtorch for DJL's bridge
     */
    public static Torch open(String device, int threads) {
        if (threads < 0) {
            throw new ConfigurationException("threads: received " + threads + ", expected 0 (all cores) or more");
        }
        Device resolved = resolve(device, engine().getGpuCount());
        int own = OwnThreads.COUNT;
        int most = threads > 0 ? threads : own;
        bind(most);
        return new Torch((PtNDManager) NDManager.newBaseManager(resolved, "PyTorch"), most);
    }

    private static Engine engine() {
        Telemetry.optOut();
        Libtorch.select();
        NativeLibrary.require();
        return Engine.getEngine("PyTorch");
    }

    /**
     * The {@link #device} that {@link #open} would open.
     *
     * @param device as {@link #open} takes it
     * @throws ConfigurationException as {@link #open} does
     */
    public static String named(String device) {
        return name(resolve(device, engine().getGpuCount()));
    }

    /** Libtorch's own number of threads, asked for before {@link #bind} first sets another. */
    private static final class OwnThreads {
        static final int COUNT = JniUtils.getNumThreads();
    }

    private static Device resolve(String name, int gpus) {
        if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        if (name.equals("auto")) {
            return Device.gpu(0);
        }
        if (!name.matches("cuda(:\\d{1,3})?")) {
            throw new ConfigurationException("device: received \"" + name + "\", expected auto, cpu or cuda:N");
        }
        int index = name.equals("cuda") ? 0 : Integer.parseInt(name.substring("cuda:".length()));
        if (index >= gpus) {
            throw new ConfigurationException("device: received \"" + name + "\", but this process sees " + gpus
                    + " CUDA devices (see docs/cuda.md for a libtorch with CUDA)");
        }
        return Device.gpu(index);
    }

    /** Prepares the calling thread: no autograd graph, and no executor that recompiles for every new shape. */
    public void bindThread() {
        bind(threads);
    }

    /** @param threads that an operation called by this thread uses */
    static void bind(int threads) {
        // Asked for first: at its first operation a thread would else take over the number that any thread set last.
        if (JniUtils.getNumThreads() != threads) {
            JniUtils.setNumThreads(threads);
        }
        JniUtils.setGradMode(false);
        JniUtils.setGraphExecutorOptimize(false);
    }

    /** The device's name: {@code cpu} or {@code cuda:N}. */
    public String device() {
        return name(root.getDevice());
    }

    private static String name(Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }

    /** Bytes of memory that the device has in all, of the container where there is one; empty where that is not known. */
    public OptionalLong memoryBytes() {
        Device device = root.getDevice();
        if (device.isGpu()) {
            try {
                return OptionalLong.of(CudaUtils.getGpuMemory(device).getMax());
            } catch (RuntimeException | LinkageError e) { // the library that counts is not the one that computes
                return OptionalLong.empty();
            }
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? OptionalLong.of(system.getTotalMemorySize())
                : OptionalLong.empty();
    }

    /** Starts PyTorch's own generator, which only dropout draws from. */
    public void seed(long seed) {
        JniUtils.setSeed(seed);
    }

    /**
     * Returns free memory of the host to the system: temporary tensors leave gaps between lasting ones that later tensors do not
     * fit.
     */
    public void trim() {
        if (!root.getDevice().isGpu()) {
            HostHeap.trim();
        }
    }

    /** Threads that one operation uses. */
    public int threads() {
        return threads;
    }

    /** Runs parts of a task in parallel. */
    public ShardExecutor shards() {
        return shards;
    }

    /** A new owner of tensors; the caller closes it. */
    public Scope scope() {
        Scope scope = new Scope((PtNDManager) root.newSubManager(), scopes::remove);
        scopes.add(scope);
        return scope;
    }

    /**
     * Makes something that owns tensors, in a scope that it closes later. Where making it throws, nothing stays.
     *
     * @param make is given the scope
     */
    public <T> T owning(Function<Scope, T> make) {
        Scope scope = scope();
        try {
            return make.apply(scope);
        } catch (RuntimeException | Error failed) {
            scope.close();
            throw failed;
        }
    }

    /** The kernels of this device. */
    public Kernels kernels() {
        return kernels;
    }

    /**
     * The kernels that exchange tensors between processes.
     *
     * @param library with the operators that make groups of processes
     * @throws UnsatisfiedLinkError if it cannot be loaded
     */
    public CollectiveKernels collective(Path library) {
        System.load(library.toAbsolutePath().toString());
        return kernels.collective();
    }

    /** How many tensors the open scopes own: equal before and after a piece of work that leaks nothing. */
    public long liveTensors() {
        return scopes.stream().mapToLong(Scope::size).sum();
    }

    /** Frees every tensor of this device. */
    @Override
    public void close() {
        shards.close();
        root.close();
        scopes.clear();
    }
}
