package ai.preceptor.cli.command.evaluation;

import ai.preceptor.evaluation.StudentEvaluation;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Names methods after the directories of their models: {@code runs/dpo/model} is {@code dpo}. */
final class MethodNames {
    private final Set<String> taken = new HashSet<>(Set.of(StudentEvaluation.START));

    /** A name that was not given before. */
    String of(Path model) {
        Path whole = model.toAbsolutePath().normalize();
        Path parent = whole.getParent();
        String last = String.valueOf(whole.getFileName());
        String name = last.equals("model") && parent != null && parent.getFileName() != null
                ? parent.getFileName().toString()
                : last;
        String free = name;
        for (int number = 2; !taken.add(free); number++) {
            free = name + "-" + number;
        }
        return free;
    }
}
