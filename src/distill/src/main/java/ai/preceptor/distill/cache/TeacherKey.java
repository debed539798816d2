package ai.preceptor.distill.cache;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.TopTokenTeacher;
import ai.preceptor.formats.gguf.GgufSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Identifies a teacher's distributions over a set of rows. */
public final class TeacherKey {
    private static final int DIGITS = 16;

    private TeacherKey() {}

    /** A key of a teacher elsewhere by its identity, and of the rows' tokens; at temperature 1. */
    public static String of(TopTokenTeacher teacher, List<TokenRow> rows) {
        return of(new Sha256().add("served " + teacher.identity() + "\n"), rows);
    }

    /**
     * A key of the teacher's files (name, size, time of change), the rows' tokens and the temperature.
     *
     * @param teacher its directory, or its GGUF file
     * @param precision element type it was computed in
     * @return 16 hexadecimal digits
     */
    public static String of(Path teacher, String precision, List<TokenRow> rows, double temperature) {
        Sha256 digest = new Sha256().add(precision + " " + temperature + "\n");
        try {
            for (Path file : files(teacher)) {
                String line = file.getFileName() + " " + Files.size(file) + " "
                        + Files.getLastModifiedTime(file).toMillis();
                digest.add(line + "\n");
            }
        } catch (IOException e) {
            throw new DataException(teacher + ": cannot be read: " + e.getMessage(), e);
        }
        return of(digest, rows);
    }

    private static String of(Sha256 digest, List<TokenRow> rows) {
        for (TokenRow row : rows) {
            digest.add(row.prompt()).add(row.completion());
            for (boolean one : row.learnt()) {
                digest.add(new byte[] {(byte) (one ? 1 : 0)});
            }
        }
        return digest.hex().substring(0, DIGITS);
    }

    private static List<Path> files(Path teacher) throws IOException {
        if (Files.isRegularFile(teacher)) {
            return GgufSplit.files(teacher);
        }
        try (Stream<Path> files = Files.walk(teacher, 1)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
