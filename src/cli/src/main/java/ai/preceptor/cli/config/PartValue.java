package ai.preceptor.cli.config;

import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.cli.plugin.PartReader;
import ai.preceptor.cli.plugin.PluginException;
import ai.preceptor.cli.plugin.PluginJar;
import ai.preceptor.cli.yaml.Raw;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part by name, or a user's own by source file or class. A source is compiled when it is read, so that its errors are
 * told with those of all other keys.
 *
 * @param names of parts that the program has
 * @param own how a user's own is read
 * @param jars of the key {@code plugins} beside it; null if that key was refused, which is reported for it
 */
record PartValue(
        ValueTypes.ChoiceValue names,
        PartReader own,
        @Nullable List<PluginJar> jars) implements ValueType {
    /** The key that gives jars to every part of its section. */
    private static final String PLUGINS = "plugins";

    static PartValue of(PartOf kind) {
        return new PartValue(ValueTypes.ChoiceValue.of(kind.names()), new PartReader(List.of(kind.value())), List.of());
    }

    @Override
    public ValueType beside(Raw.Mapping section) {
        Raw.Field field = section.fields().get(PLUGINS);
        if (field == null || (field.value() instanceof Raw.Scalar scalar && scalar.isNull())) {
            return this;
        }
        try {
            List<PluginJar> found = new ArrayList<>();
            for (Object jar : new ValueTypes.ListValue(new JarValue()).read(field.value())) {
                found.add((PluginJar) jar);
            }
            return new PartValue(names, own, found);
        } catch (Mismatch refused) {
            return new PartValue(names, own, null);
        }
    }

    @Override
    public String expected() {
        return names.choices().isEmpty() ? own.expected() : names.expected() + ", or your own: " + own.expected();
    }

    @Override
    public Part read(Raw raw) throws Mismatch {
        String text = text(raw);
        if (names.words().get(text) instanceof Enum<?> constant) {
            return new Part.Known(text, constant);
        }
        if (jars == null) {
            return placeholder();
        }
        if (!PartReader.isOwn(text) && jars.isEmpty()) {
            throw new Mismatch("expected " + expected() + ", found " + raw.shown() + names.nearest(text), raw);
        }
        try {
            return own.read(text, jars);
        } catch (PluginException e) {
            throw new Mismatch(e.problems(), raw);
        }
    }

    private String text(Raw raw) throws Mismatch {
        if (raw instanceof Raw.Referred referred) {
            return referred.place().path().toString();
        }
        if (!(raw instanceof Raw.Scalar scalar) || scalar.isNull()) {
            throw Mismatch.of(this, raw);
        }
        return scalar.text();
    }

    @Override
    public List<String> choices() {
        return names.choices();
    }

    @Override
    public Part placeholder() {
        return new Part.Known("", Stand.IN);
    }

    /** Stands in for a part that was refused. */
    private enum Stand {
        IN
    }
}
