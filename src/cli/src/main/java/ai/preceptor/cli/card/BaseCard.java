package ai.preceptor.cli.card;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What the card of the model that was trained says, as far as it goes for what came out of it: its license and its own base.
 * Other people write such cards, so that only short plain values are taken.
 *
 * @param metadata by key; empty where there is no card, or it cannot be read
 */
record BaseCard(Map<String, Object> metadata) {
    private static final Pattern FRONT = Pattern.compile("\\A---\\r?\\n(.*?)\\r?\\n---\\r?\\n", Pattern.DOTALL);
    private static final Pattern REPO = Pattern.compile("[A-Za-z0-9_.-]{1,64}/[A-Za-z0-9_.-]{1,96}");
    private static final Map<String, Pattern> LICENSE = Map.of(
            "license", Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}"),
            "license_name", Pattern.compile("[A-Za-z0-9][A-Za-z0-9._ -]{0,63}"),
            "license_link", Pattern.compile("https://[A-Za-z0-9._~/%#-]{1,200}|[A-Za-z0-9._-]{1,64}"));
    private static final long LARGEST = 1 << 20;

    /** Of a model's directory. */
    static BaseCard of(Path directory) {
        Path file = directory.resolve(CardFile.NAME);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                return new BaseCard(Map.of());
            }
            Matcher front = FRONT.matcher(Files.readString(file));
            LoaderOptions limits = new LoaderOptions();
            limits.setMaxAliasesForCollections(0);
            Object loaded = front.find() ? new Yaml(new SafeConstructor(limits)).load(front.group(1)) : null;
            Map<String, Object> metadata = new LinkedHashMap<>();
            if (loaded instanceof Map<?, ?> map) {
                map.forEach((key, value) -> {
                    if (value != null) {
                        metadata.put(String.valueOf(key), value);
                    }
                });
            }
            return new BaseCard(metadata);
        } catch (IOException | YAMLException e) {
            return new BaseCard(Map.of()); // a damaged card says nothing
        }
    }

    /** The keys of the license, if it states one. */
    Map<String, Object> license() {
        Map<String, Object> found = new LinkedHashMap<>();
        for (String key : List.of("license", "license_name", "license_link")) {
            if (metadata.get(key) instanceof String text
                    && LICENSE.getOrDefault(key, REPO).matcher(text).matches()) {
                found.put(key, text);
            }
        }
        return found.containsKey("license") ? found : Map.of();
    }

    /** The model that this one was made of, if the card names it: {@code org/name}. */
    List<String> base() {
        Object base = metadata.get("base_model");
        List<?> all = base instanceof List<?> list ? list : base == null ? List.of() : List.of(base);
        return all.stream()
                .map(String::valueOf)
                .filter(name -> REPO.matcher(name).matches())
                .toList();
    }
}
