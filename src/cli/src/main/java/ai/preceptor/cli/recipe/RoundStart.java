package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.References.Place;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands in the first round for a round before it: the key {@code start} of a stage, and for models that of the
 * recipe.
 */
final class RoundStart {
    static final String KEY = "start";

    private final OutlineSection top;
    private final Map<String, OutlineSection> sections = new LinkedHashMap<>();
    /** What each start was, by the stage that has it; the recipe's under an empty name. */
    private final Map<String, String> used = new TreeMap<>();

    RoundStart(OutlineSection top, List<OutlineSection> sections) {
        this.top = top;
        sections.forEach(section -> this.sections.put(section.name(), section));
    }

    /**
     * What a stage left before the first round.
     *
     * @param file whether one of its files is meant and not its model
     * @param known what a start may be written as
     * @throws UnknownReferenceException when the recipe does not say
     */
    Place before(String stage, boolean file, References known) throws UnknownReferenceException {
        OutlineSection section = sections.get(stage);
        if (section != null && !section.texts(KEY).isEmpty()) {
            return place(stage, section, KEY, known);
        }
        if (!file && !top.texts(KEY).isEmpty()) {
            return place("", top, KEY, known);
        }
        String own = "stages." + stage + "." + KEY;
        throw new UnknownReferenceException("expected a start for the first round, by "
                + (file ? own : KEY + " at the top of the recipe or " + own));
    }

    /**
     * The model that everything started from: {@code start} at the top, else {@code model} there.
     *
     * @throws UnknownReferenceException when there is neither
     */
    Place base(References known) throws UnknownReferenceException {
        for (String key : List.of(KEY, "model")) {
            if (!top.texts(key).isEmpty()) {
                return place("", top, key, known);
            }
        }
        throw new UnknownReferenceException("expected start or model at the top of the recipe, for base to refer to");
    }

    private Place place(String stage, OutlineSection section, String key, References known)
            throws UnknownReferenceException {
        String written = section.texts(key).get(0);
        Place found = known.find(written, PathKind.MODEL);
        Place place = found == null ? new Place(Path.of(written), null) : found;
        used.put(stage, place.promised() == null ? place.path().toString() : written);
        return place;
    }

    /** What each start was, by the stage that has it; the recipe's under an empty name. Those that were needed. */
    Map<String, String> used() {
        return new LinkedHashMap<>(used);
    }

    /** Whether the recipe's start is what stands under {@code model}. */
    boolean isModel() {
        return used.containsKey("") && top.texts(KEY).isEmpty();
    }

    /** A start that nothing refers to would be lost in silence. */
    void refuseUseless() {
        String why = "has no effect: no stage that repeats has previous:STAGE, previous or base in place of a path";
        if (!top.texts(KEY).isEmpty() && !used.containsKey("")) {
            top.refuseKey(KEY, why);
        }
        sections.forEach((name, section) -> {
            if (!section.texts(KEY).isEmpty() && !used.containsKey(name)) {
                section.refuseKey(KEY, "has no effect: no stage has previous:" + name + " in place of a path");
            }
        });
    }
}
