package ai.preceptor.hub;

import ai.preceptor.data.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The digest that names a blob: SHA-256 of what LFS stores, else git's own, SHA-1 of {@code "blob SIZE\0"} and the content.
 *
 * @param hex 64 or 40 hexadecimal digits
 */
record BlobDigest(String hex) {
    private static final Pattern LEGAL = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final int SHA256_DIGITS = 64;

    BlobDigest {
        if (!LEGAL.matcher(hex).matches()) {
            throw new IllegalArgumentException("expected 40 or 64 hexadecimal digits, found " + hex);
        }
    }

    /** Of an {@code ETag} header; empty if it is something else. */
    static Optional<BlobDigest> ofTag(String header) {
        String tag = header.strip().replaceFirst("^W/", "").replace("\"", "");
        return LEGAL.matcher(tag).matches() ? Optional.of(new BlobDigest(tag)) : Optional.empty();
    }

    /** The digest of the same kind of a file. */
    String of(Path file) throws IOException {
        if (hex.length() == SHA256_DIGITS) {
            return Sha256.of(file);
        }
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
            try (InputStream in = Files.newInputStream(file);
                    OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha1)) {
                in.transferTo(out);
            }
            return HexFormat.of().formatHex(sha1.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
