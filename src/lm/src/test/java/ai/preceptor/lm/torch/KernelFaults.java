package ai.preceptor.lm.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiPredicate;

/** Kernels that fail where a test wants it, and an account of what was called. */
public final class KernelFaults implements AutoCloseable {
    private final Torch torch;
    private final BiPredicate<Integer, String> fails;
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    /** What a kernel throws that is told to fail. */
    public static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1;

        Fault(String kernel) {
            super("injected fault in kernel " + kernel);
        }
    }

    private KernelFaults(Torch torch, BiPredicate<Integer, String> fails) {
        this.torch = torch;
        this.fails = fails;
        torch.kernels().observe(this::called);
    }

    /** Nothing fails. */
    public static KernelFaults none(Torch torch) {
        return new KernelFaults(torch, (call, kernel) -> false);
    }

    /** One call fails, counted from 0. */
    public static KernelFaults at(Torch torch, int call) {
        return new KernelFaults(torch, (made, kernel) -> made == call);
    }

    /** Calls fail by their number from 0 and their kernel's name. */
    public static KernelFaults where(Torch torch, BiPredicate<Integer, String> fails) {
        return new KernelFaults(torch, fails);
    }

    private void called(String kernel) {
        int call;
        synchronized (calls) {
            call = calls.size();
            calls.add(kernel);
        }
        if (fails.test(call, kernel)) {
            throw new Fault(kernel);
        }
    }

    /** Kernels called so far, in order. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        torch.kernels().observe(null);
    }
}
