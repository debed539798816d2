package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.Outline;
import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.keys.RecipeKeys;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Nearest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recipe: {@code stages}, a section each with its {@code command} and that command's keys; beside them the keys
 * of {@link RecipeKeys}, and any key of a command, which is then the default of every stage that takes it.
 */
public final class RecipeReader {
    private static final String STAGES = "stages";
    private static final String COMMAND = "command";
    /** Set by the recipe for each of its stages. */
    private static final List<String> OWN = List.of("output", "resume");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
    /** Names that a run directory gives to something else. */
    private static final List<String> TAKEN = List.of("checkpoints", "model");

    private final Map<String, StageKind<?>> kinds = new LinkedHashMap<>();
    private final References references;
    private final Clock clock;

    /**
     * A reader.
     *
     * @param kinds the commands that can be stages
     * @param references what paths may be written as, beside references to stages
     * @param clock names a run directory that the recipe does not name
     */
    public RecipeReader(List<StageKind<?>> kinds, References references, Clock clock) {
        kinds.forEach(kind -> this.kinds.put(kind.command(), kind));
        this.references = references;
        this.clock = clock;
    }

    /** What the recipe decides for its stages. */
    private record Given(Path output, boolean resume) {}

    /**
     * Reads and checks everything.
     *
     * @param file the recipe, or null for none but arguments
     * @param arguments {@code key=value}; {@code stages.NAME.key=value} reaches into a stage
     * @throws ConfigurationException naming every problem of every stage, one a line
     */
    public Recipe read(@Nullable Path file, List<String> arguments) {
        Outline outline = Outline.read(file, arguments);
        OutlineSection top = outline.root().without(List.of(STAGES));
        List<OutlineSection> sections = outline.root().sections(STAGES);
        if (sections.isEmpty() && outline.isSound()) {
            outline.root().refuse(STAGES, "required but not given; expected sections, each with a command");
        }
        String name = file == null ? "run" : String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
        RecipeKeys keys = top.only(OutlineSection.keysOf(RecipeKeys.class)).read(RecipeKeys.class, references);
        OutputPlace place = OutputPlace.of(keys, name, clock);
        if (place.problem() != null) {
            top.refuse("output", place.problem());
        }
        refuseUnknownDefaults(top, sections);
        List<RecipeStage<?>> stages = stages(top, sections, place.directory(), keys.resume());
        outline.refuseOverwriting("output", place.directory());
        outline.throwIfAny();
        return new Recipe(
                name,
                place.directory(),
                keys.resume(),
                stages,
                place.note() == null ? List.of() : List.of(place.note()));
    }

    private List<RecipeStage<?>> stages(
            OutlineSection top, List<OutlineSection> sections, Path output, boolean resume) {
        List<String> all = sections.stream().map(OutlineSection::name).toList();
        Map<String, StageKind<?>> earlier = new LinkedHashMap<>();
        Set<String> unclear = new LinkedHashSet<>();
        Set<String> used = new HashSet<>(OutlineSection.keysOf(RecipeKeys.class));
        List<RecipeStage<?>> stages = new ArrayList<>();
        for (OutlineSection section : sections) {
            refuseName(section);
            StageKind<?> kind = kind(section);
            if (kind == null) {
                unclear.add(section.name());
                continue;
            }
            References known = new StageReferences(output, earlier, unclear, all)
                    .or(new TopReferences(top, references, used))
                    .or(references);
            stages.add(stage(kind, section, top, new Given(output, resume), known));
            earlier.put(section.name(), kind);
            OutlineSection.keysOf(kind.keys()).stream()
                    .filter(key -> !section.names().contains(key))
                    .forEach(used::add);
        }
        if (unclear.isEmpty()) {
            refuseUseless(top, sections, used);
        }
        return stages;
    }

    private static <C extends Record> RecipeStage<C> stage(
            StageKind<C> kind, OutlineSection section, OutlineSection top, Given given, References references) {
        Path directory = given.output().resolve(section.name());
        OWN.stream()
                .filter(section.names()::contains)
                .forEach(
                        key -> section.refuseKey(key, "belongs to the recipe, not to a stage; expected it at the top"));
        OutlineSection whole = section.without(List.of(COMMAND))
                .over(top.only(OutlineSection.keysOf(kind.keys())))
                .with("output", directory)
                .with("resume", given.resume());
        return new RecipeStage<>(section.name(), kind, whole.read(kind.keys(), references), directory);
    }

    private @Nullable StageKind<?> kind(OutlineSection section) {
        String known = String.join(", ", kinds.keySet());
        if (!section.names().contains(COMMAND)) {
            section.refuse(COMMAND, "required but not given; expected one of " + known);
            return null;
        }
        Optional<String> command = section.text(COMMAND);
        if (command.isEmpty()) {
            return null;
        }
        StageKind<?> kind = kinds.get(command.get());
        if (kind == null) {
            String meant = new Nearest(kinds.keySet()).hint(command.get());
            section.refuse(COMMAND, "expected one of " + known + ", found \"" + command.get() + "\"" + meant);
        }
        return kind;
    }

    private static void refuseName(OutlineSection section) {
        if (!NAME.matcher(section.name()).matches() || TAKEN.contains(section.name())) {
            section.refuseSelf(
                    "is not a valid name of a stage, which names a directory: expected letters, digits, - and _,"
                            + " and none of " + String.join(", ", TAKEN));
        }
    }

    /** A key at the top does not win over a stage's own, so it would be lost in silence where all have their own. */
    private static void refuseUseless(OutlineSection top, List<OutlineSection> sections, Set<String> used) {
        for (String key : top.names()) {
            List<String> own = sections.stream()
                    .filter(section -> section.names().contains(key))
                    .map(section -> "stages." + section.name() + "." + key)
                    .toList();
            if (!used.contains(key) && !own.isEmpty()) {
                top.refuseKey(
                        key,
                        "has no effect: every stage that takes it has its own; expected " + String.join(" or ", own)
                                + " instead");
            }
        }
    }

    /** A key at the top that no stage takes would be lost in silence. */
    private void refuseUnknownDefaults(OutlineSection top, List<OutlineSection> sections) {
        Set<String> known = new LinkedHashSet<>(OutlineSection.keysOf(RecipeKeys.class));
        known.add(STAGES);
        sections.stream()
                .map(section -> section.names().contains(COMMAND) ? section.text(COMMAND) : Optional.<String>empty())
                .flatMap(Optional::stream)
                .map(kinds::get)
                .filter(kind -> kind != null)
                .forEach(kind -> known.addAll(OutlineSection.keysOf(kind.keys())));
        for (String key : top.names()) {
            if (!known.contains(key)) {
                String meant = new Nearest(known)
                        .to(key)
                        .map(near -> "; nearest known key is " + near)
                        .orElseGet(() -> "; the recipe's own keys are "
                                + OutlineSection.keysOf(RecipeKeys.class).stream()
                                        .collect(Collectors.joining(", ")) + ", stages");
                top.refuseKey(key, "unknown key: no stage of this recipe takes it" + meant);
            }
        }
    }
}
