package ai.preceptor.cli.recipe;

import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.data.setting.Nearest;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * References to outputs of other stages: {@code PREFIX:NAME} is a model directory, {@code PREFIX:NAME/FILE} a file.
 *
 * @param prefix with its colon
 * @param wanted what a stage must be to be referred to, as an error says it
 * @param left what the stages leave that can be referred to, by their names, in order
 * @param unclear stages of which is not known what they leave, because something else is wrong with them
 * @param all the names of all stages
 */
record StageReferences(String prefix, String wanted, Map<String, Left> left, Set<String> unclear, List<String> all)
        implements References {
    /** Of stages before the one that refers. */
    static final String PREFIX = "stage:";

    /**
     * What a stage leaves.
     *
     * @param kind of command
     * @param directory where
     * @param files those of the command's that it writes with its keys
     */
    record Left(StageKind<?> kind, Path directory, List<String> files) {}

    /**
     * Those to earlier stages.
     *
     * @param left copied
     * @param unclear copied
     */
    static StageReferences earlier(Map<String, Left> left, Set<String> unclear, List<String> all) {
        return new StageReferences(PREFIX, "an earlier stage", new LinkedHashMap<>(left), Set.copyOf(unclear), all);
    }

    /** The own name of the stage whose model a text refers to, of any round; empty for a text that is no such reference. */
    static Optional<String> stage(String text) {
        return Stream.of(PREFIX, PreviousReferences.PREFIX)
                .filter(text::startsWith)
                .findFirst()
                .map(start -> text.substring(Math.max(start.length(), text.lastIndexOf('/') + 1)));
    }

    @Override
    public @Nullable Place find(String written) throws UnknownReferenceException {
        if (!written.startsWith(prefix)) {
            return null;
        }
        String rest = written.substring(prefix.length());
        int slash = rest.indexOf('/', ownName(rest));
        String name = slash < 0 ? rest : rest.substring(0, slash);
        if (unclear.contains(name)) {
            return new Place(Path.of(name), PathKind.ANY);
        }
        Left stage = left.get(name);
        if (stage == null) {
            throw unknown(name);
        }
        if (slash < 0) {
            return model(name, stage);
        }
        String file = rest.substring(slash + 1);
        if (!stage.files().contains(file)) {
            String why = stage.kind().files().contains(file)
                    ? "; with its keys stage " + name + " does not write " + file
                    : "";
            throw new UnknownReferenceException("expected " + String.join(" or ", uses(name, stage)) + why);
        }
        return new Place(stage.directory().resolve(file), PathKind.FILE);
    }

    /** Where a stage's own name begins; before it may be that of a round. Without rounds a stage may have such a name. */
    private int ownName(String rest) {
        int slash = rest.indexOf('/');
        String first = slash < 0 ? rest : rest.substring(0, slash);
        boolean round = first.startsWith(StageName.ROUND) && !left.containsKey(first) && !unclear.contains(first);
        return round ? slash + 1 : 0;
    }

    private Place model(String name, Left stage) throws UnknownReferenceException {
        if (!stage.kind().makesModel()) {
            throw new UnknownReferenceException(
                    stage.kind().command() + " writes no model; expected " + String.join(" or ", uses(name, stage)));
        }
        return new Place(stage.directory().resolve(RecipeStage.MODEL), PathKind.MODEL);
    }

    /** Everything of a stage that can be referred to. */
    private List<String> uses(String name, Left stage) {
        StageKind<?> kind = stage.kind();
        Stream<String> model = kind.makesModel() ? Stream.of(prefix + name) : Stream.of();
        Stream<String> files = stage.files().stream().map(file -> prefix + name + "/" + file);
        List<String> uses = Stream.concat(model, files).toList();
        return uses.isEmpty()
                ? List.of("another stage, since " + kind.command() + " writes nothing for other stages")
                : uses;
    }

    private UnknownReferenceException unknown(String name) {
        String meant = new Nearest(all)
                .to(name)
                .filter(near -> !near.equals(name))
                .map(near -> "; nearest is " + prefix + near)
                .orElse("");
        return new UnknownReferenceException("expected " + wanted + listed() + meant);
    }

    private String listed() {
        return left.isEmpty() ? ", of which there are none" : " (" + String.join(", ", left.keySet()) + ")";
    }
}
