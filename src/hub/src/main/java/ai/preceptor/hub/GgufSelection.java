package ai.preceptor.hub;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Nearest;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One GGUF file, with its further parts where it is the first of several.
 *
 * @param path in the repository
 */
record GgufSelection(HubName name, String path) implements FileSelection {
    static final String SUFFIX = ".gguf";
    private static final Pattern PART = Pattern.compile("(.*)-([0-9]{5})-of-([0-9]{5})\\.gguf");
    private static final int MOST_PARTS = 999;

    GgufSelection {
        if (!path.endsWith(SUFFIX)) {
            throw new ConfigurationException("expected org/name, or org/name/FILE.gguf, found \"" + name + "\"");
        }
    }

    @Override
    public List<String> of(List<String> files) {
        List<String> parts = parts();
        for (String part : parts) {
            if (!files.contains(part)) {
                List<String> all =
                        files.stream().filter(file -> file.endsWith(SUFFIX)).toList();
                throw new ConfigurationException("model " + name.repo() + " has no file \"" + part + "\""
                        + new Nearest(all).hint(part) + "; it has " + ModelSelection.some(all));
            }
        }
        return parts;
    }

    private List<String> parts() {
        Matcher matcher = PART.matcher(path);
        if (!matcher.matches()) {
            return List.of(path);
        }
        int parts = Math.min(MOST_PARTS, Integer.parseInt(matcher.group(3)));
        return IntStream.rangeClosed(1, parts)
                .mapToObj(part ->
                        String.format(Locale.ROOT, "%s-%05d-of-%s.gguf", matcher.group(1), part, matcher.group(3)))
                .toList();
    }

    @Override
    public String missing(Path snapshot, List<String> files) {
        return String.join(
                ", ", parts().stream().filter(part -> !files.contains(part)).toList());
    }

    @Override
    public boolean isWhole(Path snapshot, List<String> files) {
        return missing(snapshot, files).isEmpty();
    }

    @Override
    public Path path(Path snapshot, List<String> files) {
        return snapshot.resolve(path);
    }
}
