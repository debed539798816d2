package ai.preceptor.cli.command.evaluation;

import ai.preceptor.evaluation.StudentEvaluation;
import ai.preceptor.hub.HubSnapshot;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names methods after the directories of their models: {@code runs/dpo/model} is {@code dpo}, and in a round of a recipe
 * {@code runs/round-2/dpo/model} is {@code round-2/dpo}. A model of the Hub has its repository's name.
 */
final class MethodNames {
    private static final Pattern ROUND = Pattern.compile("round-[1-9][0-9]*");

    private final Set<String> taken = new HashSet<>(Set.of(StudentEvaluation.START));

    /** Keeps a name for something else. */
    void keep(String name) {
        taken.add(name);
    }

    /** A name that was not given before. */
    String of(Path model) {
        Path whole = model.toAbsolutePath().normalize();
        Path parent = whole.getParent();
        String last = String.valueOf(whole.getFileName());
        String name = HubSnapshot.origin(whole.toString())
                .map(origin -> origin.substring(origin.indexOf('/') + 1, origin.indexOf('@')))
                .orElseGet(() -> last.equals("model") && parent != null && parent.getFileName() != null
                        ? inRound(parent)
                        : last);
        String free = name;
        for (int number = 2; !taken.add(free); number++) {
            free = name + "-" + number;
        }
        return free;
    }

    private static String inRound(Path directory) {
        String name = String.valueOf(directory.getFileName());
        Path above = directory.getParent();
        String round = above == null ? "" : String.valueOf(above.getFileName());
        return ROUND.matcher(round).matches() ? round + "/" + name : name;
    }
}
