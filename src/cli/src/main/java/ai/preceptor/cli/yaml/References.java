package ai.preceptor.cli.yaml;

import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Values of path keys that are not paths on disk, such as {@code embedded:student}. */
@FunctionalInterface
public interface References {
    /** A path is a place on disk. */
    References NONE = written -> null;

    /**
     * Looks a text up.
     *
     * @return what it stands for, or null when it is no reference
     * @throws UnknownReferenceException when it is one to something that is not there
     */
    @Nullable
    Place find(String written) throws UnknownReferenceException;

    /**
     * Looks a text up that a key has which asks for a {@code kind}: single words may be references where a model is asked
     * for, and mean something else elsewhere.
     *
     * @return what it stands for, or null when it is no reference
     * @throws UnknownReferenceException when it is one to something that is not there
     */
    default @Nullable Place find(String written, PathKind kind) throws UnknownReferenceException {
        return find(written);
    }

    /** These, and where they find none, {@code others}. */
    default References or(References others) {
        References first = this;
        return new References() {
            @Override
            public @Nullable Place find(String written) throws UnknownReferenceException {
                Place place = first.find(written);
                return place == null ? others.find(written) : place;
            }

            @Override
            public @Nullable Place find(String written, PathKind kind) throws UnknownReferenceException {
                Place place = first.find(written, kind);
                return place == null ? others.find(written, kind) : place;
            }
        };
    }

    /**
     * A place on disk.
     *
     * @param path where
     * @param promised what will be there by the time it is needed; null when it is there now and can be looked at
     * @param start of a promised model, the one that its training starts from; null if that is not known
     * @param reward whether a promised model is known to be a reward model
     */
    record Place(
            Path path,
            @Nullable PathKind promised,
            @Nullable Path start,
            boolean reward) {
        /** One that is no model, or starts from none that is known. */
        public Place(Path path, @Nullable PathKind promised) {
            this(path, promised, null, false);
        }
    }
}
