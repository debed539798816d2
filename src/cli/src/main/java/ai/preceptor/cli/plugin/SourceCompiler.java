package ai.preceptor.cli.plugin;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one source file in memory: nothing is written, and no other source is looked for.
 *
 * @param compiler that of the JDK; null where Java runs without one
 */
record SourceCompiler(@Nullable JavaCompiler compiler) {
    /** Line numbers and names for stack traces; no annotation processors of the class path. */
    private static final List<String> OPTIONS = List.of("-g", "-proc:none", "-implicit:none", "-nowarn");

    /**
     * Compiles against the program's class path.
     *
     * @param jars further classes that the source may use
     * @return bytes of every class that it declares, by binary name
     * @throws PluginException with file, line, column and the compiler's words, a line an error
     */
    Map<String, byte[]> compile(SourceFile source, List<PluginJar> jars) throws PluginException {
        if (compiler == null) {
            throw new PluginException(source.path() + ": this Java has no compiler ("
                    + System.getProperty("java.home")
                    + "); run with a JDK, or compile the file yourself and give its jar as plugins");
        }
        DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(told, Locale.ENGLISH, null);
                Memory memory = new Memory(files)) {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath(jars));
            files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of());
            boolean done = compiler.getTask(null, memory, told, OPTIONS, null, List.of(new Text(source)))
                    .call();
            if (!done) {
                throw new PluginException(told.getDiagnostics().stream()
                        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                        .map(one -> line(source, one))
                        .toList());
            }
            return memory.classes();
        } catch (IOException e) {
            throw new PluginException(source.path() + ": cannot be compiled: " + e.getMessage(), e);
        }
    }

    private static List<Path> classPath(List<PluginJar> jars) {
        List<Path> all = new ArrayList<>();
        Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .forEach(all::add);
        jars.forEach(jar -> all.add(jar.path()));
        return all;
    }

    /** An error in one line, as compilers write it: what can be clicked comes first. */
    private static String line(SourceFile source, Diagnostic<?> error) {
        String place = error.getLineNumber() == Diagnostic.NOPOS
                ? ""
                : ":" + error.getLineNumber() + ":" + error.getColumnNumber();
        String words = error.getMessage(Locale.ENGLISH)
                .lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .collect(Collectors.joining("; "));
        return source.path() + place + ": " + words;
    }

    /** The source, in the compiler's eyes. */
    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(SourceFile source) {
            super(source.path().toUri(), Kind.SOURCE);
            this.text = source.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** A class that the compiler writes. */
    private static final class Output extends SimpleJavaFileObject {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Output(String name) {
            super(
                    URI.create("memory:///" + name.replace('.', '/').replaceAll("[^A-Za-z0-9/]", "_") + ".class"),
                    Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return bytes;
        }
    }

    /** Keeps what the compiler writes. */
    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, Output> written = new HashMap<>();

        Memory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
            return written.computeIfAbsent(className, Output::new);
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new HashMap<>();
            written.forEach((name, one) -> classes.put(name, one.bytes.toByteArray()));
            return classes;
        }
    }
}
