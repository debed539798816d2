package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING.md that a machine can hold. */
class HouseRulesTest {
    private static final int MODULES = 13;
    private static final int MAIN_LINES = 500;
    private static final int TEST_LINES = 400;
    private static final int METHOD_LINES = 60;
    private static final int CONSTRUCTOR_ARGUMENTS = 6;

    private final SourceTree main = SourceTree.of("main");

    @Test
    void modules_areAllFound() {
        assertThat(main.modules()).as("modules with main code").hasSizeGreaterThanOrEqualTo(MODULES);
    }

    @Test
    void everyPackage_saysWhatItIs() {
        assertThat(main.packages()).isNotEmpty().allSatisfy(folder -> {
            Path info = folder.resolve("package-info.java");
            assertThat(info).as(main.name(folder)).exists();
            assertThat(info).as(main.name(info)).content().contains("@NullMarked", "/**");
        });
    }

    @Test
    void files_staySmall() throws IOException {
        assertThat(tooLong(main, MAIN_LINES)).isEmpty();
        assertThat(tooLong(SourceTree.of("test"), TEST_LINES)).isEmpty();
    }

    @Test
    void methods_staySmall() throws IOException {
        List<String> found = new ArrayList<>();
        int methods = 0;
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(main.files()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                Measure measure = new Measure(unit, positions, found);
                measure.scan(unit, null);
                methods += measure.methods;
            }
        }
        assertThat(methods).as("methods that were measured").isPositive();
        assertThat(found).isEmpty();
    }

    /** Else digits are those of the user's country, also in names of files and in what other programs read. */
    @Test
    void formats_nameTheirLocale() throws IOException {
        Pattern without = Pattern.compile("String\\.format\\(\\s*(?!Locale\\.ROOT)\\S|\\.formatted\\(");
        List<String> found = new ArrayList<>();
        for (Path file : main.files()) {
            if (without.matcher(Files.readString(file)).find()) {
                found.add(main.name(file));
            }
        }
        assertThat(found).as("String.format without Locale.ROOT").isEmpty();
    }

    private static List<String> tooLong(SourceTree tree, int limit) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : tree.files()) {
            int lines = Files.readAllLines(file).size();
            if (lines > limit) {
                found.add("%s: %d lines, at most %d".formatted(tree.name(file), lines, limit));
            }
        }
        return found;
    }

    /** Finds methods that are too long and constructors that want a record. */
    private static final class Measure extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;
        private boolean inRecord;
        private int methods;

        Measure(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            boolean outer = inRecord;
            inRecord = type.getKind() == Tree.Kind.RECORD;
            super.visitClass(type, none);
            inRecord = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            methods++;
            LineMap lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, method));
            long length = lines.getLineNumber(positions.getEndPosition(unit, method)) - first + 1;
            String place = "%s:%d %s".formatted(unit.getSourceFile().getName(), first, method.getName());
            if (length > METHOD_LINES) {
                found.add("%s: %d lines, at most %d".formatted(place, length, METHOD_LINES));
            }
            int arguments = method.getParameters().size();
            if (method.getReturnType() == null && !inRecord && arguments > CONSTRUCTOR_ARGUMENTS) {
                found.add("%s: %d arguments, at most %d; make them a record"
                        .formatted(place, arguments, CONSTRUCTOR_ARGUMENTS));
            }
            return super.visitMethod(method, none);
        }
    }
}
