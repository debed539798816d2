package ai.preceptor.cli.config;

import ai.preceptor.cli.yaml.Origin;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.data.setting.KeyName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value set from Java, spelled as it would be in YAML so that one set of rules checks every configuration. */
record Given(String path) {
    private static final Origin ORIGIN = Origin.of("settings");

    /** A mapping that holds nothing but {@code value} at the path. */
    Raw.Mapping raw(Object value) {
        Raw inner = scalarOrList(value);
        String[] names = path.split("\\.", -1);
        for (int i = names.length - 1; i >= 0; i--) {
            Map<String, Raw.Field> fields = new LinkedHashMap<>();
            fields.put(names[i], new Raw.Field(ORIGIN, inner));
            inner = new Raw.Mapping(fields, ORIGIN);
        }
        return (Raw.Mapping) inner;
    }

    private static Raw scalarOrList(Object value) {
        if (value instanceof List<?> list) {
            return new Raw.Sequence(list.stream().map(Given::scalarOrList).toList(), ORIGIN);
        }
        if (value instanceof Enum<?> choice) {
            return new Raw.Scalar(KeyName.of(choice), true, ORIGIN);
        }
        boolean bare = value instanceof Number || value instanceof Boolean;
        return new Raw.Scalar(value.toString(), !bare, ORIGIN);
    }
}
