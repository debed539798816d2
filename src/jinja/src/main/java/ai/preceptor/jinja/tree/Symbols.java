package ai.preceptor.jinja.tree;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that a scope reads and writes, collected before rendering.
 *
 * <p>Jinja settles this when it compiles: a scope that assigns a name before reading it has a variable of its own from
 * the start, so that scopes inside it find that one, unset, rather than one further out. Templates can tell the
 * difference.
 */
public final class Symbols {
    /** Where a name's value comes from when its scope opens. */
    enum Origin {
        UNSET,
        OUTER,
        CONTEXT
    }

    private final @Nullable Symbols parent;
    private final Map<String, Origin> origins;
    private final Set<String> stores;

    public Symbols(@Nullable Symbols parent) {
        this(parent, new LinkedHashMap<>(), new HashSet<>());
    }

    private Symbols(@Nullable Symbols parent, Map<String, Origin> origins, Set<String> stores) {
        this.parent = parent;
        this.origins = origins;
        this.stores = stores;
    }

    /** The names that the scope holds from the start. */
    Map<String, Origin> origins() {
        return origins;
    }

    /** A scope's own name for a value given to it: an argument or a loop's target. */
    void parameter(String name) {
        stores.add(name);
        origins.put(name, Origin.UNSET);
    }

    /** An assignment. */
    void store(String name) {
        stores.add(name);
        if (!origins.containsKey(name)) {
            origins.put(name, parent != null && parent.knows(name) ? Origin.OUTER : Origin.UNSET);
        }
    }

    /** A use. */
    void load(String name) {
        if (!knows(name)) {
            origins.put(name, Origin.CONTEXT);
        }
    }

    private boolean knows(String name) {
        for (Symbols s = this; s != null; s = s.parent) {
            if (s.origins.containsKey(name)) {
                return true;
            }
        }
        return false;
    }

    /** The same scope as one branch of an {@code if} sees it. */
    Symbols branch() {
        return new Symbols(parent, new LinkedHashMap<>(origins), new HashSet<>(stores));
    }

    /** What only some branches assign keeps its outside value in the others. */
    void merge(List<Symbols> branches) {
        Set<String> fresh = new HashSet<>();
        branches.forEach(b -> fresh.addAll(b.stores));
        fresh.removeAll(stores);
        for (Symbols b : branches) {
            origins.putAll(b.origins);
            stores.addAll(b.stores);
        }
        for (String name : fresh) {
            origins.put(name, parent != null && parent.knows(name) ? Origin.OUTER : Origin.CONTEXT);
        }
    }
}
