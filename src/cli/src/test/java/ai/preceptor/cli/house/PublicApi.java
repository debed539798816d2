package ai.preceptor.cli.house;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The public types of some modules, and those that their signatures mention, with their public and protected members: one
 * line each.
 */
final class PublicApi {
    private static final String OWN = "ai.preceptor.";
    private static final Set<String> OF_ALL = Set.of("equals", "hashCode", "toString");
    private static final Pattern QUALIFIERS =
            Pattern.compile("\\bjava\\.(lang|util|util\\.function|nio\\.file)\\.(?=[A-Z])");

    private final Predicate<String> packages;
    private final TreeMap<String, SortedSet<String>> members = new TreeMap<>();
    private final Deque<Class<?>> waiting = new ArrayDeque<>();

    /**
     * @param representatives one class of each module
     * @param packages that count
     */
    PublicApi(List<Class<?>> representatives, Predicate<String> packages) {
        this.packages = packages;
        for (Class<?> one : representatives) {
            for (String name : classes(one)) {
                waiting.add(load(name));
            }
        }
        while (!waiting.isEmpty()) {
            add(waiting.remove());
        }
    }

    /** By the name of a type: its members. */
    Map<String, SortedSet<String>> members() {
        return members;
    }

    private void add(Class<?> type) {
        if (!visible(type) || !packages.test(type.getPackageName()) || members.containsKey(type.getName())) {
            return;
        }
        SortedSet<String> lines = new TreeSet<>();
        members.put(type.getName(), lines);
        lines.add(brief(type, head(type)));
        mention(type.getGenericSuperclass());
        Arrays.stream(type.getGenericInterfaces()).forEach(this::mention);
        for (Field field : type.getDeclaredFields()) {
            if (counts(field.getModifiers(), field.isSynthetic())) {
                lines.add(brief(type, field.toGenericString()));
                mention(field.getGenericType());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (counts(constructor.getModifiers(), constructor.isSynthetic()) && !built(type)) {
                lines.add(brief(type, constructor.toGenericString()));
                Arrays.stream(constructor.getGenericParameterTypes()).forEach(this::mention);
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (counts(method.getModifiers(), method.isSynthetic())
                    && !OF_ALL.contains(method.getName())
                    && !ofAllComponents(type, method)) {
                lines.add(signature(type, method));
                mention(method.getGenericReturnType());
                Arrays.stream(method.getGenericParameterTypes()).forEach(this::mention);
            }
        }
        waiting.addAll(Arrays.asList(type.getDeclaredClasses()));
    }

    /** An abstract method that others have to implement says so; in a sealed type it is nobody else's. */
    private static String signature(Class<?> type, Method method) {
        String text = brief(type, method.toGenericString());
        return type.isSealed() ? text.replace(" abstract ", " ") : text;
    }

    private static String brief(Class<?> type, String line) {
        String own = line.replace(" " + type.getTypeName() + ".", " ");
        return QUALIFIERS.matcher(own).replaceAll("").replace(OWN, "");
    }

    private static String head(Class<?> type) {
        String kind = type.isAnnotation()
                ? "annotation"
                : type.isInterface() ? "interface" : type.isRecord() ? "record" : type.isEnum() ? "enum" : "class";
        List<String> words = new ArrayList<>();
        if (Modifier.isAbstract(type.getModifiers()) && kind.equals("class")) {
            words.add("abstract");
        }
        if (Modifier.isFinal(type.getModifiers()) && kind.equals("class")) {
            words.add("final");
        }
        words.add(kind);
        Type above = type.getGenericSuperclass();
        if (above != null && above != Object.class && !type.isRecord() && !type.isEnum()) {
            words.add("extends " + above.getTypeName());
        }
        for (Type one : type.getGenericInterfaces()) {
            words.add("implements " + one.getTypeName());
        }
        return String.join(" ", words);
    }

    private void mention(Type type) {
        if (type instanceof Class<?> found) {
            Class<?> element = found.isArray() ? found.getComponentType() : found;
            if (element.getName().startsWith(OWN)) {
                waiting.add(element);
            }
        } else if (type instanceof ParameterizedType generic) {
            mention(generic.getRawType());
            Arrays.stream(generic.getActualTypeArguments()).forEach(this::mention);
        }
    }

    /** Settings grow: a record with a builder promises its builder, not the order and number of its components. */
    private static boolean built(Class<?> type) {
        return type.isRecord()
                && type.getClassLoader().getResource(type.getName().replace('.', '/') + "Builder.class") != null;
    }

    private static boolean ofAllComponents(Class<?> type, Executable method) {
        return type.getSimpleName().equals(method.getName() + "Builder");
    }

    private static boolean counts(int modifiers, boolean synthetic) {
        return !synthetic && (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers));
    }

    private static boolean visible(Class<?> type) {
        for (Class<?> one = type; one != null; one = one.getEnclosingClass()) {
            if (!Modifier.isPublic(one.getModifiers()) && !Modifier.isProtected(one.getModifiers())) {
                return false;
            }
        }
        return true;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The top-level classes of the folder or jar that a class is from. */
    private static List<String> classes(Class<?> one) {
        try {
            Path place = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                return classes(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return classes(jar.getPath("/"));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> classes(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.startsWith("ai/") && name.endsWith(".class"))
                    .filter(name -> !name.contains("$") && !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }
}
