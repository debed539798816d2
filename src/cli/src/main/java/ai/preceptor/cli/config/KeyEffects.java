package ai.preceptor.cli.config;

import ai.preceptor.data.setting.KeyEffect;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the keys of a configuration record have to do with the result of a run, as declared with each. */
public final class KeyEffects {
    private final Map<String, KeyEffect> effects = new LinkedHashMap<>();

    private KeyEffects() {}

    /** @param type a record that {@link Settings} can read */
    public static KeyEffects of(Class<? extends Record> type) {
        KeyEffects all = new KeyEffects();
        all.add(Schema.of(type), "", KeyEffect.RESULT);
        return all;
    }

    private void add(Schema schema, String prefix, KeyEffect above) {
        for (Schema.Entry entry : schema.entries()) {
            if (entry instanceof Schema.KeyEntry key) {
                effects.put(
                        prefix + key.name(),
                        above == KeyEffect.RESULT ? key.key().effect() : above);
            } else if (entry instanceof Schema.GroupEntry group) {
                add(group.schema(), prefix, above);
            } else if (entry instanceof Schema.SectionEntry section) {
                KeyEffect effect = above == KeyEffect.RESULT ? section.effect() : above;
                effects.put(prefix + section.name(), effect);
                add(section.schema(), prefix + section.name() + ".", effect);
            }
        }
    }

    /** Every key and section by its full dotted name, in order; a section's effect is that of its keys. */
    public Map<String, KeyEffect> all() {
        return new LinkedHashMap<>(effects);
    }

    /** Of a key or section; one that is not known changes the result. */
    public KeyEffect of(String key) {
        return effects.getOrDefault(key, KeyEffect.RESULT);
    }
}
