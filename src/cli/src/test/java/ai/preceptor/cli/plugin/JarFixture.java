package ai.preceptor.cli.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** Makes jars as users would. */
public final class JarFixture {
    private JarFixture() {}

    /** A jar with one compiled class. */
    public static Path of(Path directory, String name, String className, String source) throws IOException {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        Path file = Files.writeString(directory.resolve(simple + ".java"), source);
        Path jar = directory.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            Map<String, byte[]> classes =
                    new SourceCompiler(ToolProvider.getSystemJavaCompiler()).compile(SourceFile.read(file), List.of());
            for (Map.Entry<String, byte[]> one : classes.entrySet()) {
                out.putNextEntry(new JarEntry(one.getKey().replace('.', '/') + ".class"));
                out.write(one.getValue());
                out.closeEntry();
            }
        } catch (PluginException e) {
            throw new IllegalArgumentException(e);
        }
        Files.delete(file);
        return jar;
    }
}
