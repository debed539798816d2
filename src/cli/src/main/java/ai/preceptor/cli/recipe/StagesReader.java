package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.keys.training.RewardConfig;
import ai.preceptor.cli.keys.training.TrainsStudent;
import ai.preceptor.cli.recipe.StageReferences.Left;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.source.PathList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stages of a recipe as they will run, those of a round once for each round, so that everything is checked before
 * the first of them starts.
 */
final class StagesReader {
    private static final String COMMAND = "command";
    static final String SEED = "seed";
    private static final String EVAL_ROWS = "eval_rows";
    /** Set in rounds that read parts of their own. */
    static final String SHARDS = "data_shards";

    private static final String SHARD = "data_shard";
    /** Set by the recipe for each of its stages. */
    private static final List<String> OWN = List.of("output", "resume");

    private final OutlineSection top;
    private final Map<String, OutlineSection> sections = new LinkedHashMap<>();
    private final Map<String, StageKind<?>> kinds;
    private final Given given;
    private final RoundStart start;

    /** What earlier stages left; of the stages of a round, those of the same one. */
    private final Map<String, Left> earlier = new LinkedHashMap<>();

    /** What the models of stages start from, by their directories. */
    private final Map<Path, Path> starts = new HashMap<>();

    private final Set<Path> rewardModels = new HashSet<>();

    private final Set<String> unclear = new LinkedHashSet<>();
    private final Set<String> used = new HashSet<>();

    /**
     * What the recipe decides for its stages.
     *
     * @param output its run directory
     * @param resume whether it continues an earlier run
     * @param rounds which stages run several times
     * @param seeds by which stages run
     * @param references what paths may be written as, beside references to stages
     */
    record Given(Path output, boolean resume, Rounds rounds, Seeds seeds, References references) {}

    /**
     * A reader.
     *
     * @param top the keys beside the stages
     * @param sections a section a stage, in order
     * @param kinds the commands of those stages whose command is known
     */
    StagesReader(OutlineSection top, List<OutlineSection> sections, Map<String, StageKind<?>> kinds, Given given) {
        this.top = top;
        sections.forEach(section -> this.sections.put(section.name(), section));
        this.kinds = kinds;
        this.given = given;
        this.start = new RoundStart(top, sections);
    }

    /** All stages in the order to run; meaningless when there are problems. */
    List<RecipeStage<?>> read() {
        List<RecipeStage<?>> stages = new ArrayList<>();
        List<String> all = List.copyOf(sections.keySet());
        Map<String, Left> once = new LinkedHashMap<>();
        Long seed = null;
        for (StageName name : given.seeds().unrolled(given.rounds().unrolled(all), all)) {
            if (!Objects.equals(seed, name.seed())) {
                seed = name.seed();
                earlier.keySet().retainAll(once.keySet());
            }
            if (name.round() > 0 && name.own().equals(given.rounds().names().get(0))) {
                given.rounds().names().forEach(earlier::remove);
            }
            StageKind<?> kind = kinds.get(name.own());
            OutlineSection section = sections.get(name.own());
            if (kind == null || section == null) {
                unclear.add(name.own());
                continue;
            }
            stages.add(stage(kind, name, section));
            Left left = new Left(kind, name.in(given.output()), kind.files(section, top, kinds));
            for (String called : List.of(name.own(), name.withRound())) {
                earlier.put(called, left);
                if (name.seed() == null) {
                    once.put(called, left);
                }
            }
            kind.defaults(section, top, kinds).stream()
                    .filter(key -> !section.names().contains(key))
                    .forEach(used::add);
        }
        if (unclear.isEmpty()) {
            start.refuseUseless();
        }
        return stages;
    }

    /** The keys at the top that some stage takes or refers to. */
    Set<String> used() {
        Set<String> all = new HashSet<>(used);
        if (start.isModel()) {
            all.add("model");
        }
        return all;
    }

    /** Whether every stage could be read. */
    boolean isClear() {
        return unclear.isEmpty();
    }

    /** What each start was, see {@link RoundStart#used}. */
    Map<String, String> starts() {
        return start.used();
    }

    private <C extends Record> RecipeStage<C> stage(StageKind<C> kind, StageName name, OutlineSection section) {
        Path directory = name.in(given.output());
        OWN.stream()
                .filter(section.names()::contains)
                .forEach(
                        key -> section.refuseKey(key, "belongs to the recipe, not to a stage; expected it at the top"));
        Set<String> noted = new HashSet<>();
        Set<Path> inputs = new HashSet<>();
        OutlineSection whole = section.without(List.of(COMMAND, RoundStart.KEY))
                .over(top.only(kind.defaults(section, top, kinds)))
                .with("output", directory)
                .with("resume", given.resume());
        Map<String, Object> written = new LinkedHashMap<>();
        OutlineSection seeded = bySeed(whole, section, kind, name, written);
        C configuration = inRound(seeded, kind, name, written).read(kind.keys(), references(name, noted, inputs));
        if (configuration instanceof TrainsStudent trains) {
            Path model = trains.student().model();
            starts.put(directory.resolve(RecipeStage.MODEL), starts.getOrDefault(model, model));
        }
        if (configuration instanceof RewardConfig) {
            rewardModels.add(directory.resolve(RecipeStage.MODEL));
        }
        for (String key : whole.names()) {
            List<String> texts = whole.texts(key);
            if (texts.stream().anyMatch(noted::contains)) {
                written.put(key, texts.size() == 1 ? texts.get(0) : again(key, texts, noted, configuration));
            }
        }
        return new RecipeStage<>(name, kind, configuration, directory, written, inputs);
    }

    /** A list as it is written again: references to stages stay, and other texts are what they stand for. */
    private static List<String> again(String key, List<String> texts, Set<String> noted, Record configuration) {
        Object value = new Resolved(configuration).toMap().get(key);
        List<String> values = value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : PathList.parts(String.valueOf(value));
        if (values.size() != texts.size()) {
            return texts; // of a key that is refused
        }
        List<String> again = new ArrayList<>(texts);
        for (int i = 0; i < again.size(); i++) {
            if (!noted.contains(texts.get(i))) {
                again.set(i, values.get(i));
            }
        }
        return again;
    }

    /** With the recipe's seed that it runs for, unless it has its own. */
    private static OutlineSection bySeed(
            OutlineSection whole,
            OutlineSection section,
            StageKind<?> kind,
            StageName name,
            Map<String, Object> written) {
        Long seed = name.seed();
        if (seed == null
                || !OutlineSection.keysOf(kind.keys()).contains(SEED)
                || section.names().contains(SEED)) {
            return whole;
        }
        written.put(SEED, Seeds.GIVEN);
        return whole.with(SEED, seed);
    }

    /** With the seed and the rows of its round. */
    private OutlineSection inRound(
            OutlineSection whole, StageKind<?> kind, StageName name, Map<String, Object> written) {
        List<String> keys = OutlineSection.keysOf(kind.keys());
        if (name.round() == 0 || kind.measures()) {
            return whole;
        }
        OutlineSection in = whole;
        Long seed = keys.contains(SEED) ? seed(whole, kind) : null;
        if (seed != null) {
            in = in.with(SEED, Rounds.seed(seed, name.round()));
        }
        boolean file = whole.texts("data").stream()
                .noneMatch(
                        text -> text.startsWith(StageReferences.PREFIX) || text.startsWith(PreviousReferences.PREFIX));
        boolean own = whole.texts(SHARDS).stream().anyMatch(text -> !text.equals("1"));
        boolean split = given.rounds().split() && (file ? !own : isOfRound(whole.texts("data")));
        if (name.round() > 1 && !split && !whole.texts(EVAL_ROWS).isEmpty()) {
            whole.refuse(
                    EVAL_ROWS,
                    "expected none where rounds read the same rows, since a round would hold out what one before it"
                            + " learnt from, found " + whole.texts(EVAL_ROWS).get(0)
                            + "; give eval_data instead, or repeat_data=split");
        }
        if (split && keys.contains(SHARD) && file) {
            in = in.with(SHARDS, given.rounds().repeat()).with(SHARD, name.round());
            written.put(SHARDS, 1);
            written.put(SHARD, 1);
        }
        return in;
    }

    /** Whether all are references to stages that repeat. */
    private boolean isOfRound(List<String> references) {
        return references.stream()
                .map(text -> text.substring(text.indexOf(':') + 1).replaceFirst("/.*", ""))
                .allMatch(given.rounds().names()::contains);
    }

    /** Null for what is no integer, which is refused when it is read. */
    private static @Nullable Long seed(OutlineSection section, StageKind<?> kind) {
        List<String> texts = section.texts(SEED);
        String text = texts.isEmpty() ? Resolved.defaults(kind.keys()).get(SEED) : texts.get(0);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException refusedLater) {
            return null;
        }
    }

    /**
     * What paths may be written as.
     *
     * @param noted gets the texts that referred to another stage
     * @param inputs gets what they stand for
     */
    private References references(StageName name, Set<String> noted, Set<Path> inputs) {
        Rounds rounds = given.rounds();
        StageReferences stages = StageReferences.earlier(earlier, unclear, List.copyOf(sections.keySet()));
        References paths = new TopReferences(top, given.references(), used).or(given.references());
        Map<String, Left> before = new LinkedHashMap<>();
        for (String repeated : rounds.names()) {
            StageKind<?> kind = kinds.get(repeated);
            OutlineSection section = sections.get(repeated);
            if (kind != null && section != null) {
                Path directory = new StageName(repeated, name.round() - 1, name.seed()).in(given.output());
                before.put(repeated, new Left(kind, directory, kind.files(section, top, kinds)));
            }
        }
        Set<String> unknown = new HashSet<>(rounds.names());
        unknown.removeAll(before.keySet());
        StageReferences previous =
                new StageReferences(PreviousReferences.PREFIX, "a stage that repeats", before, unknown, rounds.names());
        References all = stages.or(new PreviousReferences(name, rounds, previous, start, startReferences(paths)));
        return new References() {
            @Override
            public @Nullable Place find(String written) throws UnknownReferenceException {
                return find(written, PathKind.ANY);
            }

            @Override
            public @Nullable Place find(String written, PathKind kind) throws UnknownReferenceException {
                Place place = all.find(written, kind);
                if (place == null) {
                    return paths.find(written, kind);
                }
                noted.add(written);
                inputs.add(place.path());
                Path path = place.path();
                return new Place(path, place.promised(), starts.get(path), rewardModels.contains(path));
            }
        };
    }

    /** A start may be what stands before the rounds. */
    private References startReferences(References paths) {
        Map<String, Left> once = new LinkedHashMap<>(earlier);
        once.keySet().removeIf(stage -> given.rounds().names().contains(stage) || stage.contains("/"));
        return StageReferences.earlier(once, unclear, List.copyOf(sections.keySet()))
                .or(paths);
    }
}
