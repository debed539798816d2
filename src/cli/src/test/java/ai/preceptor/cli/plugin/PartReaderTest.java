package ai.preceptor.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartReaderTest {
    private final PartReader reader = new PartReader(List.of(Supplier.class, Callable.class));

    @TempDir
    Path directory;

    @Test
    void read_source_withAPackageAndNestedClasses_isMadeFromMemory() throws Exception {
        OwnPart part = reader.read(write("Mine", """
                        package com.example;

                        public class Mine implements java.util.function.Supplier<String> {
                            record Word(String text) {}

                            @Override
                            public String get() {
                                return java.util.Optional.of(new Word("mine")).map(Word::text).get();
                            }
                        }
                        """), List.of());
        try (OpenPart open = part.open()) {
            assertThat(open.as(Supplier.class).orElseThrow().get()).isEqualTo("mine");
            assertThat(open.as(Callable.class)).isEmpty();
        }
        assertThat(part.simpleName()).isEqualTo("Mine");
        try (var files = Files.list(directory)) {
            assertThat(files).as("nothing is written").hasSize(1);
        }
    }

    @Test
    void read_source_mayUseAJar_andClosingClosesTheInstance() throws Exception {
        Path jar = JarFixture.of(
                directory,
                "word.jar",
                "lib.Word",
                "package lib; public class Word { public static String it() { return \"w\"; } }");
        OwnPart part = reader.read(write("Mine", """
                        public class Mine implements java.util.function.Supplier<String>, AutoCloseable {
                            private String word = lib.Word.it();

                            public String get() {
                                return word;
                            }

                            public void close() {
                                word = "closed";
                            }
                        }
                        """), List.of(PluginJar.of(jar)));
        OpenPart open = part.open();
        Supplier<?> own = open.as(Supplier.class).orElseThrow();
        assertThat(own.get()).isEqualTo("w");
        open.close();
        assertThat(own.get()).isEqualTo("closed");
        assertThat(part.digest())
                .hasSize(64)
                .isNotEqualTo(part.source().orElseThrow().sha256());
        assertThat(part.origin()).startsWith("Mine.java (SHA-256 ").contains(" with word.jar (SHA-256 ");
    }

    @Test
    void read_whatIsNoPart_saysWhatIsMissing() throws IOException {
        refuses(
                "public class Mine {}",
                "implements java.util.function.Supplier or java.util.concurrent.Callable, found Mine, which implements nothing");
        refuses(
                "public class Mine implements Runnable { public void run() {} }",
                "which implements [java.lang.Runnable]");
        refuses(
                "class Mine implements java.util.function.Supplier<String> { public String get() { return \"\"; } }",
                "found Mine, which is not public");
        refuses(
                "public record Mine(String get) implements java.util.function.Supplier<String> {}",
                "a public constructor without arguments, found Mine without one");
        refuses(
                "public abstract class Mine implements java.util.function.Supplier<String> {}",
                "found public abstract class Mine");
        refuses("class Other {}", "expected a public class Mine, found [Other]");
        refuses("public class Other {}", ":1:8: class Other is public, should be declared in a file named Other.java");
    }

    @Test
    void read_whatIsNotThere_isRefused() throws Exception {
        assertThatThrownBy(() -> reader.read(directory.resolve("No.java").toString(), List.of()))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("No.java\": it does not exist");
        assertThatThrownBy(() -> reader.read("com.example.No", List.of()))
                .hasMessageContaining("\"com.example.No\", a class name, but no jar to find it in");
        Path jar = JarFixture.of(directory, "a.jar", "lib.A", "package lib; public class A {}");
        assertThatThrownBy(() -> reader.read("com.example.No", List.of(PluginJar.of(jar))))
                .hasMessageContaining("which is in none of plugins [" + jar + "]");
        assertThatThrownBy(() -> PluginJar.of(Files.writeString(directory.resolve("no.jar"), "text")))
                .hasMessageContaining("no.jar: is not a jar");
        Files.write(directory.resolve("Latin.java"), new byte[] {'/', '/', (byte) 0xe9});
        assertThatThrownBy(() -> reader.read(directory.resolve("Latin.java").toString(), List.of()))
                .hasMessageContaining("Latin.java: is not UTF-8");
    }

    @Test
    void read_classOfAJar_thatNeedsAnother_saysSo() throws Exception {
        Path needed = JarFixture.of(directory, "base.jar", "lib.Base", "package lib; public class Base {}");
        write("Sub", "public class Sub extends lib.Base implements Runnable { public void run() {} }");
        SourceFile source = SourceFile.read(directory.resolve("Sub.java"));
        byte[] bytes = new SourceCompiler(javax.tools.ToolProvider.getSystemJavaCompiler())
                .compile(source, List.of(PluginJar.of(needed)))
                .get("Sub");
        Path jar = directory.resolve("sub.jar");
        try (var out = new java.util.jar.JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new java.util.jar.JarEntry("Sub.class"));
            out.write(bytes);
        }
        assertThatThrownBy(() -> reader.read("Sub", List.of(PluginJar.of(jar))))
                .hasMessageContaining(
                        "Sub: needs what is not in plugins [" + jar + "]: java.lang.NoClassDefFoundError: lib/Base");
    }

    @Test
    void compile_withoutACompiler_saysWhatToDo() throws Exception {
        SourceFile source = SourceFile.read(Path.of(write("Mine", "public class Mine {}")));
        assertThatThrownBy(() -> new SourceCompiler(null).compile(source, List.of()))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("Mine.java: this Java has no compiler (")
                .hasMessageContaining("run with a JDK");
    }

    @Test
    void open_failingConstructor_isToldWithItsLine() throws Exception {
        OwnPart part = reader.read(write("Mine", """
                        public class Mine implements java.util.concurrent.Callable<String> {
                            static final int ONE = Integer.parseInt("one");

                            public String call() {
                                return "";
                            }
                        }
                        """), List.of());
        assertThatThrownBy(part::open)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("its constructor failed: Mine.java:2: java.lang.NumberFormatException");
    }

    @Test
    void place_ofAFailure_isTheInnermostOfTheUsers() throws Exception {
        OwnPart part = reader.read(write("Mine", """
                        public class Mine implements java.util.concurrent.Callable<String> {
                            public String call() {
                                return inner(null);
                            }

                            private static String inner(String text) {
                                return text.strip();
                            }
                        }
                        """), List.of());
        try (OpenPart open = part.open()) {
            Callable<?> own = open.as(Callable.class).orElseThrow();
            assertThatThrownBy(own::call).satisfies(thrown -> {
                assertThat(OwnCode.told(new IllegalStateException("wrapped", thrown)))
                        .startsWith("Mine.java:7: java.lang.NullPointerException: Cannot invoke");
                assertThat(OwnCode.told(thrown))
                        .startsWith("Mine.java:7: java.lang.NullPointerException: Cannot invoke");
            });
        }
        assertThat(OwnCode.isIn(new IllegalStateException("ours"))).isFalse();
    }

    private void refuses(String source, String expected) throws IOException {
        String file = write("Mine", source);
        assertThatThrownBy(() -> reader.read(file, List.of()))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining(expected);
    }

    private String write(String name, String source) throws IOException {
        return Files.writeString(directory.resolve(name + ".java"), source).toString();
    }
}
