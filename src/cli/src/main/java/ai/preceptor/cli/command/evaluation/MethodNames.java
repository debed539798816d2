package ai.preceptor.cli.command.evaluation;

import ai.preceptor.evaluation.StudentEvaluation;
import ai.preceptor.hub.ModelName;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Names methods after their models ({@link ModelName}), all different. */
final class MethodNames {
    private final Set<String> taken = new HashSet<>(Set.of(StudentEvaluation.START));

    /** Keeps a name for something else. */
    void keep(String name) {
        taken.add(name);
    }

    /** A name that was not given before. */
    String of(Path model) {
        String name = ModelName.of(model);
        String free = name;
        for (int number = 2; !taken.add(free); number++) {
            free = name + "-" + number;
        }
        return free;
    }
}
