package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kernels as the methods of an interface: a method {@code rowsOf} calls the kernel {@code rows_of}. A {@link Scope} comes first
 * where a method gives tensors, and owns them; the other arguments are the kernel's, in order, a record standing for its
 * components.
 */
final class KernelMethods implements InvocationHandler {
    /** What TorchScript calls the types of arguments. */
    private static final Map<Class<?>, String> TYPES = Map.of(
            NDArray.class, "Tensor",
            NDArray[].class, "List[Tensor]",
            String.class, "str",
            boolean.class, "bool",
            int.class, "int",
            long.class, "int",
            double.class, "float",
            long[].class, "List[int]",
            double[].class, "List[float]");

    private final Map<Method, Kernel> kernels = new HashMap<>();
    private final Map<Class<?>, Method[]> accessors = new HashMap<>();

    private KernelMethods() {}

    /**
     * Makes an interface's methods call kernels.
     *
     * @throws IllegalStateException if one takes other parameters than its kernel, or in another order
     */
    static <T> T of(Class<T> methods, KernelModule all) {
        KernelMethods handler = new KernelMethods();
        for (Method method : methods.getMethods()) {
            String name = method.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            Kernel kernel = all.find(name);
            kernel.requireParameters(handler.parameters(method));
            handler.kernels.put(method, kernel);
        }
        return methods.cast(Proxy.newProxyInstance(methods.getClassLoader(), new Class<?>[] {methods}, handler));
    }

    /** A method's parameters as TorchScript writes them. */
    private List<String> parameters(Method method) {
        Takes takes = method.getAnnotation(Takes.class);
        if (takes == null) {
            throw new IllegalStateException(method + ": expected @Takes with the parameters of its kernel");
        }
        List<String> types = new ArrayList<>();
        for (Class<?> type : method.getParameterTypes()) {
            addTypes(type, types);
        }
        String[] names = takes.value().split(", ", -1);
        if (names.length != types.size()) {
            throw new IllegalStateException(
                    method + ": expected as many names as arguments, " + types.size() + ", found " + takes.value());
        }
        for (int i = 0; i < names.length; i++) {
            names[i] += ": " + types.get(i);
        }
        return Arrays.asList(names);
    }

    private void addTypes(Class<?> type, List<String> types) {
        if (type.isRecord()) {
            RecordComponent[] components = type.getRecordComponents();
            accessors.put(
                    type,
                    Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new));
            for (RecordComponent component : components) {
                addTypes(component.getType(), types);
            }
        } else if (type != Scope.class) {
            types.add(TYPES.getOrDefault(type, type.getName()));
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        Kernel kernel = kernels.get(method);
        if (kernel == null) {
            return method.invoke(this, arguments); // of Object
        }
        List<Object> flat = new ArrayList<>();
        for (Object argument : arguments) {
            add(argument, flat);
        }
        Object[] own = flat.toArray();
        if (method.getReturnType() == NDArray.class) {
            return kernel.call((Scope) arguments[0], own);
        } else if (method.getReturnType() == NDArray[].class) {
            return kernel.callMany((Scope) arguments[0], own);
        }
        kernel.run(own);
        return null;
    }

    private void add(Object argument, List<Object> flat) throws IllegalAccessException, InvocationTargetException {
        Method[] components = accessors.get(argument.getClass());
        if (components != null) {
            for (Method component : components) {
                add(component.invoke(argument), flat);
            }
        } else if (!(argument instanceof Scope)) {
            flat.add(argument);
        }
    }
}
