package ai.preceptor.lm.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Kernels as libtorch has compiled them. That takes a good part of a second, and they hold neither parameters nor anything else
 * that a call leaves, so a process compiles them once for a device and keeps them: every stage of a recipe opens its device anew.
 *
 * @param module compiled
 * @param parameters what each kernel takes, by its name: {@code first: bool}
 */
record KernelScript(PtSymbolBlock module, Map<String, List<String>> parameters) {
    private static final Map<Target, KernelScript> COMPILED = new HashMap<>();

    /** What is compiled, and where it runs. */
    private record Target(Device device, List<String> areas) {}

    /**
     * The kernels of some areas on a device.
     *
     * @param areas the resources, in order
     * @throws EngineException if PyTorch has no operator that a function calls
     */
    static KernelScript of(Device device, List<String> areas) {
        synchronized (COMPILED) {
            return COMPILED.computeIfAbsent(new Target(device, List.copyOf(areas)), KernelScript::compile);
        }
    }

    private static KernelScript compile(Target target) {
        KernelSource source = KernelSource.read(target.areas);
        PtNDManager owner = (PtNDManager) NDManager.newBaseManager(target.device, "PyTorch");
        try {
            byte[] archive = ScriptArchive.pack(source.code());
            PtSymbolBlock module = JniUtils.loadModule(owner, new ByteArrayInputStream(archive), false, false);
            return new KernelScript(module, source.parameters());
        } catch (EngineException e) {
            owner.close();
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("kernels could not be loaded", e);
        }
    }
}
