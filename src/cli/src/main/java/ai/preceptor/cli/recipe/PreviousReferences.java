package ai.preceptor.cli.recipe;

import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.data.setting.PathKind;
import org.jspecify.annotations.Nullable;

/**
 * References of a stage in a round to the round before: {@code previous:NAME} is the model of that stage, {@code
 * previous:NAME/FILE} one of its files. Where a model is asked for, {@code previous} is the model of the same stage, and
 * {@code base} the one that the recipe started from.
 *
 * @param name the stage that refers
 * @param rounds of the recipe
 * @param before the stages of the round before; in the first round they are not there
 * @param start stands in for them in the first round
 * @param known what a start may be written as
 */
record PreviousReferences(StageName name, Rounds rounds, StageReferences before, RoundStart start, References known)
        implements References {
    static final String PREFIX = "previous:";
    private static final String PREVIOUS = "previous";
    private static final String BASE = "base";

    @Override
    public @Nullable Place find(String written) throws UnknownReferenceException {
        if (!written.startsWith(PREFIX)) {
            return null;
        }
        if (name.round() == 0) {
            throw new UnknownReferenceException(
                    rounds.exist()
                            ? "expected stage:NAME or stage:round-N/NAME in a stage that runs once"
                            : "expected repeat, the number of rounds, at the top of a recipe with " + PREFIX);
        }
        Place place = before.find(written);
        if (name.round() > 1 || place == null || place.promised() == PathKind.ANY) {
            return place;
        }
        String rest = written.substring(PREFIX.length());
        int slash = rest.indexOf('/');
        return start.before(slash < 0 ? rest : rest.substring(0, slash), slash >= 0, known);
    }

    @Override
    public @Nullable Place find(String written, PathKind kind) throws UnknownReferenceException {
        if (kind == PathKind.MODEL && rounds.exist()) {
            if (written.equals(BASE)) {
                return start.base(known);
            }
            if (written.equals(PREVIOUS)) {
                return find(PREFIX + name.own());
            }
        }
        return find(written);
    }
}
