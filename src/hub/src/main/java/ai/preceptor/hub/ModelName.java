package ai.preceptor.hub;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a model is called in reports, by its directory. */
public final class ModelName {
    private static final Pattern ROUND = Pattern.compile("round-[1-9][0-9]*");

    private ModelName() {}

    /**
     * {@code dpo} of {@code runs/dpo/model}, in a round of a recipe {@code round-2/dpo} of {@code runs/round-2/dpo/model}, the
     * repository's name of a model of the Hub, else the directory's name.
     */
    public static String of(Path model) {
        Path whole = model.toAbsolutePath().normalize();
        Path parent = whole.getParent();
        String last = String.valueOf(whole.getFileName());
        return HubSnapshot.origin(whole.toString())
                .map(origin -> origin.substring(origin.indexOf('/') + 1, origin.indexOf('@')))
                .orElseGet(() -> last.equals("model") && parent != null && parent.getFileName() != null
                        ? inRound(parent)
                        : last);
    }

    private static String inRound(Path directory) {
        String name = String.valueOf(directory.getFileName());
        Path above = directory.getParent();
        String round = above == null ? "" : String.valueOf(above.getFileName());
        return ROUND.matcher(round).matches() ? round + "/" + name : name;
    }
}
