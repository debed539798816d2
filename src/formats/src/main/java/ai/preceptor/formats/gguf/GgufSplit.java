package ai.preceptor.formats.gguf;

import ai.preceptor.data.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Models in several files, {@code NAME-00001-of-00003.gguf} and so on: the metadata are in the first, the tensors in any.
 * Each says which it is ({@code split.no}, from 0 on) and of how many ({@code split.count}).
 */
public final class GgufSplit {
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";
    private static final Pattern NAME = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\" + GgufFile.SUFFIX);

    private GgufSplit() {}

    /** Whether a file's name says that it is a part and not the first. */
    public static boolean follows(Path file) {
        Matcher name = name(file);
        return name.matches() && !name.group(2).equals("00001");
    }

    /** The files of a model by the name of one: all parts that are there, or the one file alone. */
    public static List<Path> files(Path file) {
        Matcher name = name(file);
        if (!name.matches()) {
            return List.of(file);
        }
        return IntStream.rangeClosed(1, Integer.parseInt(name.group(3)))
                .mapToObj(number -> part(file, name, number))
                .filter(Files::isRegularFile)
                .toList();
    }

    private static Matcher name(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName()));
    }

    private static Path part(Path file, Matcher name, int number) {
        return file.resolveSibling(
                String.format(Locale.ROOT, "%s-%05d-of-%s%s", name.group(1), number, name.group(3), GgufFile.SUFFIX));
    }

    /**
     * The files that follow the first one.
     *
     * @throws DataException when the file is not the first, is not called so, or one of the others is not there
     */
    static List<Path> rest(GgufPart first) {
        GgufMetadata metadata = first.metadata();
        long count = metadata.whole(COUNT).orElse(1);
        if (count <= 1) {
            return List.of();
        }
        long number = metadata.whole(NUMBER).orElse(0);
        Matcher name = name(first.path());
        boolean named = name.matches() && Long.parseLong(name.group(3)) == count;
        if (number != 0) {
            throw metadata.broken(
                    NUMBER,
                    "expected 0, the first of " + count + " parts"
                            + (named ? ", which is " + part(first.path(), name, 1) : "") + "; found " + number);
        }
        if (!named || Integer.parseInt(name.group(2)) != 1) {
            throw metadata.broken(
                    COUNT,
                    "expected a file called like NAME-00001-of-" + String.format(Locale.ROOT, "%05d", count)
                            + GgufFile.SUFFIX + ", the first of " + count + " parts, found "
                            + first.path().getFileName());
        }
        List<Path> rest = new ArrayList<>();
        for (int next = 2; next <= count; next++) {
            Path path = part(first.path(), name, next);
            if (!Files.exists(path)) {
                throw DataException.in(path, "no such file; it is part " + next + " of " + count + " of a model");
            }
            rest.add(path);
        }
        return rest;
    }

    /**
     * Checks that parts are those of one model.
     *
     * @throws DataException naming the part that is not
     */
    static void check(List<GgufPart> parts) {
        for (int i = 1; i < parts.size(); i++) {
            GgufMetadata metadata = parts.get(i).metadata();
            expect(metadata, COUNT, parts.size());
            expect(metadata, NUMBER, i);
        }
        GgufMetadata first = parts.get(0).metadata();
        int found = parts.stream().mapToInt(part -> part.tensors().size()).sum();
        if (parts.size() > 1 && first.has(TENSORS)) {
            expect(first, TENSORS, found);
        }
    }

    private static void expect(GgufMetadata metadata, String key, long expected) {
        long found = metadata.requireWhole(key);
        if (found != expected) {
            throw metadata.broken(key, "expected " + expected + ", as the model's files are, found " + found);
        }
    }
}
