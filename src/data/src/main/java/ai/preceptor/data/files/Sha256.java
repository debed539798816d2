package ai.preceptor.data.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4), which every Java has, of what is added to it. */
public final class Sha256 {
    /** Of a file, read at a time. */
    private static final int PART = 1 << 17;

    private final MessageDigest digest;

    /** Of nothing yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Of a text in UTF-8, as 64 hexadecimal digits. */
    public static String of(String text) {
        return new Sha256().add(text).hex();
    }

    /** Of bytes, as 64 hexadecimal digits. */
    public static String of(byte[] bytes) {
        return new Sha256().add(bytes).hex();
    }

    /** Of a file's content, as 64 hexadecimal digits. */
    public static String of(Path file) throws IOException {
        return new Sha256().add(file).hex();
    }

    /** Adds a text in UTF-8. */
    public Sha256 add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds bytes. */
    public Sha256 add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    /** Adds bytes from position to limit. */
    public Sha256 add(ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /** Adds numbers, after how many they are. */
    public Sha256 add(int[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (numbers.length + 1));
        bytes.putInt(numbers.length);
        bytes.asIntBuffer().put(numbers);
        return add(bytes.array());
    }

    /** Adds the content of a file, a part of it in memory at a time. */
    public Sha256 add(Path file) throws IOException {
        byte[] part = new byte[PART];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                digest.update(part, 0, count);
            }
        }
        return this;
    }

    /** What was added, as 64 hexadecimal digits; the digest begins again. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
