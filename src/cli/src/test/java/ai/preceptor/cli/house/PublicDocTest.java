package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Public types, methods and constructors of the library have Javadoc. {@code -Plibrary} checks its syntax and references. */
class PublicDocTest {
    /** The modules that a user of the library names. */
    private static final List<String> MODULES = List.of(
            "src/api/",
            "src/data/",
            "src/train/",
            "src/teacher/",
            "src/distill/",
            "src/eval/",
            "reward/",
            "ranking/",
            "policy/");

    @Test
    void everyPublicMember_isDescribed() throws IOException {
        SourceTree main = SourceTree.of("main");
        List<Path> files = main.files().stream()
                .filter(file -> MODULES.stream().anyMatch(main.name(file)::startsWith))
                .toList();
        List<String> found = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            DocTrees trees = DocTrees.instance(task);
            int members = 0;
            for (CompilationUnitTree unit : task.parse()) {
                Undescribed undescribed = new Undescribed(trees, found);
                undescribed.scan(unit, null);
                members += undescribed.members;
            }
            assertThat(members).as("members that were looked at").isGreaterThan(1000);
        }
        assertThat(found).isEmpty();
    }

    private static final class Undescribed extends TreePathScanner<Void, Void> {
        private final DocTrees trees;
        private final List<String> found;
        private int members;

        Undescribed(DocTrees trees, List<String> found) {
            this.trees = trees;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            boolean inInterface = inInterface();
            if (!isPublic(type.getModifiers(), inInterface)
                    || type.getSimpleName().isEmpty()) {
                return null; // what is in it is not public either
            }
            look(type.getSimpleName().toString());
            return super.visitClass(type, none);
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(one -> one.getAnnotationType().toString().equals("Override"));
            ClassTree type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            boolean canonical = type.getKind() == Tree.Kind.RECORD && method.getReturnType() == null;
            if (isPublic(method.getModifiers(), type.getKind() == Tree.Kind.INTERFACE) && !overrides && !canonical) {
                look(type.getSimpleName() + "." + method.getName());
            }
            return null;
        }

        private void look(String name) {
            members++;
            if (trees.getDocComment(getCurrentPath()) == null) {
                found.add(getCurrentPath().getCompilationUnit().getPackageName() + "." + name);
            }
        }

        private boolean inInterface() {
            return getCurrentPath().getParentPath() != null
                    && getCurrentPath().getParentPath().getLeaf() instanceof ClassTree outer
                    && outer.getKind() == Tree.Kind.INTERFACE;
        }

        private static boolean isPublic(ModifiersTree modifiers, boolean inInterface) {
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || (inInterface && !modifiers.getFlags().contains(Modifier.PRIVATE));
        }
    }
}
