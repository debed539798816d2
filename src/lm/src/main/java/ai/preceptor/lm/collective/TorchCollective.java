package ai.preceptor.lm.collective;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.torch.CollectiveKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.nio.file.Path;
import java.util.List;

/** A group of processes of PyTorch's c10d. Its operators for tensors on the processor are Gloo's. */
public final class TorchCollective implements Collective {
    private final Torch torch;
    private final CollectiveKernels kernels;
    private final CollectiveOptions options;
    private final String name;

    private TorchCollective(Torch torch, CollectiveKernels kernels, CollectiveOptions options) {
        this.torch = torch;
        this.kernels = kernels;
        this.options = options;
        this.name = "learner-" + options.rank(); // of this process; what the learners store has no name
    }

    /**
     * Waits for the other learners.
     *
     * @param torch of the model, which stays its owner's
     * @param library as {@link CollectiveLibrary#find} gives it
     * @throws ConfigurationException if the library is not there or cannot be loaded, or the device is not the processor
     * @throws LostLearnerException if not all come within the timeout
     */
    public static TorchCollective join(Torch torch, Path library, CollectiveOptions options) {
        requireProcessor(torch.device());
        CollectiveKernels kernels = CollectiveLibrary.load(torch, library);
        TorchCollective joined = new TorchCollective(torch, kernels, options);
        try {
            kernels.initGroup(
                    options.host(),
                    options.port(),
                    options.rank(),
                    options.world(),
                    options.timeout().toMillis(),
                    options.address(),
                    joined.name);
        } catch (EngineException e) {
            throw new LostLearnerException(
                    "learner " + options.rank() + " of " + options.world() + " found no group at " + options.host()
                            + ":" + options.port() + " within learner.timeout "
                            + options.timeout().toSeconds() + " s: " + reason(e),
                    e);
        }
        return joined;
    }

    /**
     * Refuses what learners cannot exchange tensors of.
     *
     * @param device of the model, as {@link Torch#device} says it
     * @throws ConfigurationException if it is not the processor
     */
    public static void requireProcessor(String device) {
        if (!device.equals("cpu")) {
            throw new ConfigurationException("device: expected cpu with several learners, which exchange tensors of the"
                    + " processor only, found " + device);
        }
    }

    @Override
    public int rank() {
        return options.rank();
    }

    @Override
    public int world() {
        return options.world();
    }

    @Override
    public void sum(NDArray[] tensors) {
        if (tensors.length > 0) {
            exchanged(scope -> kernels.allReduce(scope, tensors, name));
        }
    }

    @Override
    public void sum(double[] values) {
        if (values.length > 0) {
            exchanged(scope -> {
                NDArray tensor = scope.doubles(values);
                kernels.allReduce(scope, new NDArray[] {tensor}, name);
                System.arraycopy(tensor.toDoubleArray(), 0, values, 0, values.length);
            });
        }
    }

    @Override
    public void broadcast(NDArray[] tensors, int source) {
        if (tensors.length > 0) {
            exchanged(scope -> kernels.broadcast(scope, tensors, source, name));
        }
    }

    /** What it makes it owns, tensors that PyTorch gives back included. */
    private void exchanged(Exchange exchange) {
        try (Scope scope = torch.scope()) {
            exchange.in(scope);
        } catch (EngineException e) {
            throw new LostLearnerException(
                    "learner " + options.rank() + " of " + options.world()
                            + " lost another, which ended or did not answer within learner.timeout "
                            + options.timeout().toSeconds() + " s (" + reason(e) + ")",
                    e);
        }
    }

    @FunctionalInterface
    private interface Exchange {
        void in(Scope scope);
    }

    /** The error itself, which stands below the trace of TorchScript. */
    private static String reason(EngineException e) {
        List<String> lines = String.valueOf(e.getMessage()).lines().toList();
        return lines.stream()
                .filter(line -> line.contains("Error:"))
                .findFirst()
                .orElse(lines.isEmpty() ? "no reason given" : lines.get(0))
                .strip();
    }

    @Override
    public void close() {
        kernels.destroyGroup(name);
    }
}
