package ai.preceptor.cli.recipe;

import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.data.setting.Nearest;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * References to outputs of earlier stages: {@code stage:NAME} is a model directory, {@code stage:NAME/FILE} a file.
 *
 * @param output the recipe's run directory
 * @param earlier the stages before the one that refers, in order
 * @param unclear earlier stages of which is not known what they leave, because something else is wrong with them
 * @param all the names of all stages
 */
record StageReferences(Path output, Map<String, StageKind<?>> earlier, Set<String> unclear, List<String> all)
        implements References {
    static final String PREFIX = "stage:";

    @Override
    public @Nullable Place find(String written) throws UnknownReferenceException {
        if (!written.startsWith(PREFIX)) {
            return null;
        }
        String rest = written.substring(PREFIX.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        if (unclear.contains(name)) {
            return new Place(output.resolve(name), PathKind.ANY);
        }
        StageKind<?> kind = earlier.get(name);
        if (kind == null) {
            throw unknown(name);
        }
        if (slash < 0) {
            return model(name, kind);
        }
        String file = rest.substring(slash + 1);
        if (!kind.files().contains(file)) {
            throw new UnknownReferenceException("expected " + String.join(" or ", uses(name, kind)));
        }
        return new Place(output.resolve(name).resolve(file), PathKind.FILE);
    }

    private Place model(String name, StageKind<?> kind) throws UnknownReferenceException {
        if (!kind.makesModel()) {
            throw new UnknownReferenceException(
                    kind.command() + " writes no model; expected " + String.join(" or ", uses(name, kind)));
        }
        return new Place(output.resolve(name).resolve(RecipeStage.MODEL), PathKind.MODEL);
    }

    /** Everything of a stage that can be referred to. */
    private static List<String> uses(String name, StageKind<?> kind) {
        Stream<String> model = kind.makesModel() ? Stream.of(PREFIX + name) : Stream.of();
        Stream<String> files = kind.files().stream().map(file -> PREFIX + name + "/" + file);
        List<String> uses = Stream.concat(model, files).toList();
        return uses.isEmpty()
                ? List.of("another stage, since " + kind.command() + " writes nothing for other stages")
                : uses;
    }

    private UnknownReferenceException unknown(String name) {
        String meant = new Nearest(all)
                .to(name)
                .filter(near -> !near.equals(name))
                .map(near -> "; nearest is " + PREFIX + near)
                .orElse("");
        return new UnknownReferenceException("expected an earlier stage" + listed() + meant);
    }

    private String listed() {
        return earlier.isEmpty() ? ", of which there are none" : " (" + String.join(", ", earlier.keySet()) + ")";
    }
}
