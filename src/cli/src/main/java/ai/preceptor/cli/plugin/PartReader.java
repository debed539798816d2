package ai.preceptor.cli.plugin;

import ai.preceptor.cli.yaml.PathText;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/**
 * Finds a user's own part and checks it, without instantiating it.
 *
 * @param kinds interfaces, one of which it must implement
 */
public record PartReader(List<Class<?>> kinds) {
    private static final Pattern CLASS_NAME = Pattern.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"
            + "(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)+");

    /** Copies the list. */
    public PartReader {
        kinds = List.copyOf(kinds);
    }

    /** What is legal, as said after "expected". */
    public String expected() {
        return "a Java source file or a class of plugins, which implements "
                + kinds.stream().map(Class::getSimpleName).collect(Collectors.joining(" or "));
    }

    /** Whether a text can only mean a user's own part: a source file, or a name with a package. */
    public static boolean isOwn(String text) {
        return text.endsWith(SourceFile.SUFFIX) || CLASS_NAME.matcher(text).matches();
    }

    /**
     * Reads and checks it.
     *
     * @param text a path that ends in {@code .java}, or a class name
     * @param jars where a class is looked for, and what a source may use
     * @throws PluginException if it is not there, does not compile, or is no part of these kinds
     */
    public OwnPart read(String text, List<PluginJar> jars) throws PluginException {
        OwnPart part = text.endsWith(SourceFile.SUFFIX) ? compiled(text, jars) : ofJar(text, jars);
        try (PluginLoader loader = part.loader()) {
            check(part, part.type(loader), loader);
        } catch (ClassNotFoundException e) {
            throw new PluginException(
                    "expected " + expected() + ", found \"" + text + "\", which is in none of plugins "
                            + jars.stream().map(PluginJar::written).toList(),
                    e);
        } catch (UnsupportedClassVersionError e) {
            throw new PluginException(text + ": was compiled for a newer Java: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new PluginException(
                    text + ": needs what is not in plugins "
                            + jars.stream().map(PluginJar::written).toList() + ": " + e,
                    e);
        } catch (IOException e) {
            throw new PluginException(text + ": cannot be closed: " + e.getMessage(), e);
        }
        return part;
    }

    private OwnPart compiled(String text, List<PluginJar> jars) throws PluginException {
        String found = "expected " + expected() + ", found \"" + text + "\": ";
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new PluginException(found + PathText.objection(e), e);
        }
        if (!Files.isRegularFile(path)) {
            throw new PluginException(found + (Files.exists(path) ? "it is not a file" : "it does not exist"));
        }
        SourceFile source = SourceFile.read(path);
        Map<String, byte[]> classes = new SourceCompiler(ToolProvider.getSystemJavaCompiler()).compile(source, jars);
        String name = classes.keySet().stream()
                .filter(one -> one.substring(one.lastIndexOf('.') + 1).equals(source.simpleName()))
                .findFirst()
                .orElseThrow(() -> new PluginException(
                        text + ": expected a public class " + source.simpleName() + ", found " + classes.keySet()));
        return new OwnPart(text, name, source, classes, jars);
    }

    private OwnPart ofJar(String text, List<PluginJar> jars) throws PluginException {
        if (jars.isEmpty()) {
            throw new PluginException("expected " + expected() + ", found \"" + text
                    + "\", a class name, but no jar to find it in; give that as plugins");
        }
        return new OwnPart(text, text, null, Map.of(), jars);
    }

    private void check(OwnPart part, Class<?> type, PluginLoader loader) throws PluginException {
        String what = part.written() + ": expected a public class with a public constructor without arguments, found ";
        if (type.getClassLoader() != loader) {
            throw new PluginException(part.written() + ": " + type.getName()
                    + " is a class of this program, which comes before one of the same name; name yours otherwise");
        }
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw new PluginException(what + type.toGenericString());
        }
        if (!Modifier.isPublic(type.getModifiers())) {
            throw new PluginException(what + type.getName() + ", which is not public");
        }
        if (Arrays.stream(type.getConstructors()).noneMatch(one -> one.getParameterCount() == 0)) {
            throw new PluginException(what + type.getName() + " without one");
        }
        if (kinds.stream().noneMatch(kind -> kind.isAssignableFrom(type))) {
            Set<String> found = interfaces(type);
            throw new PluginException(part.written() + ": expected a class that implements "
                    + kinds.stream().map(Class::getName).collect(Collectors.joining(" or ")) + ", found "
                    + type.getName()
                    + (found.isEmpty() ? ", which implements nothing" : ", which implements " + found));
        }
    }

    private static Set<String> interfaces(Class<?> type) {
        Set<String> found = new LinkedHashSet<>();
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            Arrays.stream(one.getInterfaces()).map(Class::getName).forEach(found::add);
        }
        return found;
    }
}
