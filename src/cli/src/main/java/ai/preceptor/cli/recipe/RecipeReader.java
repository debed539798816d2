package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.Outline;
import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.config.SectionGrid;
import ai.preceptor.cli.keys.RecipeKeys;
import ai.preceptor.cli.keys.RoundKeys;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Nearest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recipe: {@code stages}, a section each with its {@code command} and that command's keys; beside them the keys
 * of {@link RecipeKeys}, {@code start} for rounds, and any key of a command, which is then the default of every stage that
 * takes it.
 */
public final class RecipeReader {
    private static final String STAGES = "stages";
    private static final String COMMAND = "command";
    private static final List<String> RECIPES_OWN = Stream.concat(
                    OutlineSection.keysOf(RecipeKeys.class).stream(), Stream.of(RoundStart.KEY))
            .toList();

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_+-]*(\\.[0-9][A-Za-z0-9_+-]*)*");
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
        List<OutlineSection> sections = SectionGrid.expanded(outline.root().sections(STAGES), StageReferences.PREFIX);
        if (sections.isEmpty() && outline.isSound()) {
            outline.root().refuse(STAGES, "required but not given; expected sections, each with a command");
        }
        String name = file == null ? "run" : String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
        RecipeKeys keys = top.only(OutlineSection.keysOf(RecipeKeys.class)).read(RecipeKeys.class, references);
        OutputPlace place = OutputPlace.of(keys, name, clock);
        if (place.problem() != null) {
            top.refuse("output", place.problem());
        }
        List<String> names = sections.stream().map(OutlineSection::name).toList();
        Rounds rounds = Rounds.of(keys.rounds(), top, names);
        if (!rounds.exist() && OutlineSection.keysOf(RoundKeys.class).stream().anyMatch(top.names()::contains)) {
            outline.throwIfAny(); // stages that refer to rounds would be refused for it too
        }
        Seeds seeds = Seeds.of(keys.seeds(), rounds, top, names);
        Map<String, StageKind<?>> known = new LinkedHashMap<>();
        for (OutlineSection section : sections) {
            refuseName(section, rounds, seeds);
            StageKind<?> kind = kind(section);
            if (kind != null && known.put(section.name(), kind) != null) {
                section.refuseSelf("gives a second stage with the name " + section.name());
            }
        }
        refuseUnknownDefaults(top, sections, known);
        StagesReader reader = new StagesReader(
                top,
                sections,
                known,
                new StagesReader.Given(place.directory(), keys.resume(), rounds, seeds, references));
        List<RecipeStage<?>> stages = reader.read();
        if (reader.isClear()) {
            refuseUseless(top, sections, reader.used());
            if (seeds.exist()
                    && stages.stream().noneMatch(stage -> stage.written().containsKey(StagesReader.SEED))) {
                top.refuse(
                        Seeds.GIVEN,
                        "has no effect: every stage that runs for each seed has a seed of its own, or none");
            }
        }
        outline.refuseOverwriting("output", place.directory());
        outline.throwIfAny();
        return new Recipe(
                new Recipe.Shape(name, rounds, seeds, reader.starts()),
                place.directory(),
                keys.resume(),
                stages,
                place.note() == null ? List.of() : List.of(place.note()));
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

    private static void refuseName(OutlineSection section, Rounds rounds, Seeds seeds) {
        if (seeds.exist() && section.name().startsWith(StageName.SEED)) {
            section.refuseSelf("is not a valid name of a stage in a recipe with seeds, whose directories are "
                    + StageName.SEED + "N");
        }
        if (rounds.exist() && section.name().startsWith(StageName.ROUND)) {
            section.refuseSelf("is not a valid name of a stage in a recipe with rounds, whose directories are "
                    + StageName.ROUND + "1 and so on");
        }
        if (!NAME.matcher(section.name()).matches() || TAKEN.contains(section.name())) {
            section.refuseSelf(
                    "is not a valid name of a stage, which names a directory: expected letters, digits, -, _ and +, a period"
                            + " before a digit, and none of " + String.join(", ", TAKEN) + "; found " + section.name());
        }
    }

    /** A key at the top does not win over a stage's own, so it would be lost in silence where all have their own. */
    private static void refuseUseless(OutlineSection top, List<OutlineSection> sections, Set<String> used) {
        for (String key : top.names()) {
            List<String> own = sections.stream()
                    .filter(section -> section.names().contains(key))
                    .map(section -> "stages." + section.name() + "." + key)
                    .toList();
            if (!used.contains(key) && !RECIPES_OWN.contains(key) && !own.isEmpty()) {
                top.refuseKey(
                        key,
                        "has no effect: every stage that takes it has its own; expected " + String.join(" or ", own)
                                + " instead");
            }
        }
    }

    /** A key at the top that no stage takes would be lost in silence. */
    private static void refuseUnknownDefaults(
            OutlineSection top, List<OutlineSection> sections, Map<String, StageKind<?>> kinds) {
        Set<String> known = new LinkedHashSet<>(RECIPES_OWN);
        known.add(STAGES);
        for (OutlineSection section : sections) {
            StageKind<?> kind = kinds.get(section.name());
            if (kind != null) {
                known.addAll(kind.defaults(section, top, kinds));
            }
        }
        top.refuseUnknown(known, "no stage of this recipe takes it");
    }
}
