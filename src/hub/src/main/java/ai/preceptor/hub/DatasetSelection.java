package ai.preceptor.hub;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Nearest;
import ai.preceptor.data.source.PathList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of a split of a data set: {@code train.jsonl}, {@code data/train-00000-of-00003.parquet}, {@code train/0.csv}. Of
 * several formats the first of {@link #FORMATS} is taken. A path with an extension is one file; another is a folder.
 */
record DatasetSelection(HubName name) implements FileSelection {
    private static final List<String> FORMATS =
            List.of(".jsonl", ".jsonl.gz", ".parquet", ".csv", ".csv.gz", ".json", ".json.gz");
    private static final String USUAL = "train";
    private static final Pattern SPLIT =
            Pattern.compile("(?:^|.*[/_.-])(train|test|validation|valid|val|dev|eval)(?:[/_.-].*)?");
    private static final Pattern SIDE =
            Pattern.compile("(?:.*/)?(?:\\.[^/]*|dataset_infos\\.json|[^/]*config[^/]*\\.json|state\\.json)");

    /** Shards say how many there are. */
    private static final Pattern SHARD = Pattern.compile("(.*)-[0-9]{5}-of-([0-9]{5})\\..*");

    /** What a pattern gives a meaning. */
    private static final Pattern SPECIAL = Pattern.compile("[\\[\\]{}]");

    /** Where a repository of one data set has its files. */
    private static final Set<String> USUAL_FOLDERS = Set.of(".", "data");

    @Override
    public List<String> of(List<String> files) {
        String path = name.path();
        if (path != null && isFile(path)) {
            if (!files.contains(path)) {
                throw new ConfigurationException("dataset " + name.repo() + " has no file \"" + path + "\""
                        + new Nearest(files).hint(path) + "; it has " + ModelSelection.some(candidates(files, null)));
            }
            return List.of(path);
        }
        List<String> candidates = candidates(files, path);
        if (candidates.isEmpty()) {
            throw new ConfigurationException("dataset " + name.repo() + (path == null ? "" : "/" + path)
                    + " has no file that can be read (" + String.join(", ", FORMATS) + "), found "
                    + ModelSelection.some(files));
        }
        return oneFolder(oneFormat(oneSplit(ofSplit(candidates))));
    }

    private static boolean isFile(String path) {
        return FORMATS.stream().anyMatch(path::endsWith);
    }

    private static List<String> candidates(List<String> files, @Nullable String folder) {
        return files.stream()
                .filter(DatasetSelection::isFile)
                .filter(file -> !SIDE.matcher(file).matches())
                .filter(file -> folder == null || file.startsWith(folder + "/"))
                .toList();
    }

    private List<String> ofSplit(List<String> candidates) {
        if (name.split() == null && candidates.size() == 1) {
            return candidates;
        }
        List<String> found = candidates.stream().filter(this::isOfSplit).toList();
        if (!found.isEmpty()) {
            return found;
        }
        TreeSet<String> splits = candidates.stream()
                .map(SPLIT::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        throw new ConfigurationException("dataset " + name.repo() + " has no split \"" + wanted() + "\"; it has "
                + (splits.isEmpty() ? "" : "the splits " + String.join(", ", splits) + ", and ") + "the files "
                + ModelSelection.some(candidates) + "; expected " + name.repo() + ":SPLIT or " + name.repo() + "/FILE");
    }

    /** Shards name their split, and {@code train_sft} is another than {@code train}. */
    private List<String> oneSplit(List<String> files) {
        TreeSet<String> splits = files.stream().map(this::splitOf).collect(Collectors.toCollection(TreeSet::new));
        if (splits.size() < 2) {
            return files;
        }
        if (!splits.contains(wanted())) {
            throw new ConfigurationException("dataset " + name.repo() + " has no split \"" + wanted()
                    + "\"; it has the splits " + String.join(", ", splits) + "; expected " + name.repo() + ":SPLIT");
        }
        return files.stream().filter(file -> splitOf(file).equals(wanted())).toList();
    }

    /** The split that a file of the wanted one names more exactly; else the wanted one. */
    private String splitOf(String file) {
        Matcher shard = SHARD.matcher(file);
        String named = shard.matches() ? shard.group(1).substring(shard.group(1).lastIndexOf('/') + 1) : "";
        return isOfSplit(named) ? named : wanted();
    }

    private String wanted() {
        return name.split() == null ? USUAL : name.split();
    }

    private boolean isOfSplit(String file) {
        return file.matches("(?:^|.*[/_.-])" + Pattern.quote(wanted()) + "(?:[/_.-].*)?");
    }

    private static List<String> oneFormat(List<String> files) {
        for (String format : FORMATS) {
            List<String> found =
                    files.stream().filter(file -> file.endsWith(format)).toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return files;
    }

    /** Files of several folders are several data sets with one name. */
    private List<String> oneFolder(List<String> files) {
        TreeSet<String> folders =
                files.stream().map(DatasetSelection::folder).collect(Collectors.toCollection(TreeSet::new));
        if (folders.size() > 1) {
            throw new ConfigurationException("dataset " + name.repo() + " has such files in several folders ("
                    + ModelSelection.some(new ArrayList<>(folders)) + "); expected " + name.repo() + "/FOLDER");
        }
        return files;
    }

    private static String folder(String file) {
        return file.contains("/") ? file.substring(0, file.lastIndexOf('/')) : ".";
    }

    @Override
    public String missing(Path snapshot, List<String> files) {
        List<String> chosen;
        try {
            chosen = of(files);
        } catch (ConfigurationException e) {
            return name.split() == null ? "its files" : "the files of split " + name.split();
        }
        if (isOneFile()) {
            return "";
        }
        if (!chosen.stream()
                .allMatch(file -> isOfSplit(file) || !SPLIT.matcher(file).matches())) {
            return "the files of split " + wanted();
        }
        return isEveryShardThere(chosen) ? "" : "shards of " + chosen.get(0);
    }

    /** Of files that are no shards, and of folders, nobody knows whether the repository has more. */
    @Override
    public boolean isWhole(Path snapshot, List<String> files) {
        if (!missing(snapshot, files).isEmpty() || isOneFile()) {
            return missing(snapshot, files).isEmpty();
        }
        List<String> chosen = of(files);
        return chosen.stream()
                        .allMatch(file -> isOfSplit(file)
                                && splitOf(file).equals(wanted())
                                && SHARD.matcher(file).matches())
                && (name.path() != null || USUAL_FOLDERS.contains(folder(chosen.get(0))));
    }

    private boolean isOneFile() {
        return name.path() != null && isFile(name.path());
    }

    private static boolean isEveryShardThere(List<String> files) {
        Map<String, Integer> expected = new HashMap<>();
        Map<String, Integer> found = new HashMap<>();
        for (String file : files) {
            Matcher shard = SHARD.matcher(file);
            if (shard.matches()) {
                String group = shard.group(1) + shard.group(2);
                expected.put(group, Integer.parseInt(shard.group(2)));
                found.merge(group, 1, Integer::sum);
            }
        }
        return expected.equals(found);
    }

    /** One file, a pattern that matches just these, or, where there is none, all of them. */
    @Override
    public Path path(Path snapshot, List<String> files) {
        List<String> chosen = of(files);
        String first = chosen.get(0);
        if (chosen.size() == 1) {
            return snapshot.resolve(first);
        }
        int head = first.length();
        int tail = first.length();
        for (String other : chosen) {
            head = Math.min(head, common(first, other));
            tail = Math.min(tail, common(reversed(first), reversed(other)));
        }
        int shortest = chosen.stream().mapToInt(String::length).min().orElse(0);
        tail = Math.min(tail, shortest - head);
        String start = first.substring(0, head);
        String end = first.substring(first.length() - tail);
        boolean exact = !SPECIAL.matcher(start + end).find()
                && files.stream().filter(file -> isBetween(start, file, end)).count() == chosen.size();
        return exact
                ? snapshot.resolve(start + "*" + end)
                : Path.of(PathList.of(chosen.stream()
                        .map(file -> snapshot.resolve(file).toString())
                        .toList()));
    }

    private static boolean isBetween(String start, String file, String end) {
        return file.length() >= start.length() + end.length()
                && file.startsWith(start)
                && file.endsWith(end)
                && file.indexOf('/', start.length()) < 0;
    }

    private static int common(String one, String other) {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }

    private static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }
}
