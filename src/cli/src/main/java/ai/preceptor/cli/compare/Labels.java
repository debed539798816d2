package ai.preceptor.cli.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Short names of run directories: their paths without what all have in common at the beginning.
 *
 * @param common how many parts of a path that is
 */
record Labels(int common) {
    private static final Pattern SEED = Pattern.compile("seed-[0-9]+");

    static Labels among(List<Path> directories) {
        List<Path> whole = directories.stream().map(Labels::whole).toList();
        int common = whole.stream().mapToInt(Path::getNameCount).min().orElse(1) - 1;
        for (Path path : whole) {
            Path first = whole.get(0);
            int same = 0;
            while (same < common && path.getName(same).equals(first.getName(same))) {
                same++;
            }
            common = same;
        }
        return new Labels(Math.max(0, common));
    }

    /** Of directories that differ in their seed only: what they have in common, or else all their names. */
    String of(List<Path> directories) {
        Set<String> names = new LinkedHashSet<>();
        directories.forEach(directory -> names.add(of(directory, directories.size() > 1)));
        return String.join(", ", names);
    }

    private String of(Path directory, boolean anySeed) {
        Path whole = whole(directory);
        List<String> parts = new ArrayList<>();
        for (int i = common; i < whole.getNameCount(); i++) {
            String part = whole.getName(i).toString();
            if (!anySeed || !SEED.matcher(part).matches()) {
                parts.add(part);
            }
        }
        return parts.isEmpty() ? String.valueOf(whole.getFileName()) : String.join("/", parts);
    }

    private static Path whole(Path directory) {
        return directory.toAbsolutePath().normalize();
    }
}
