package ai.preceptor.data.rows;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Kinds of files that people pass by mistake, by their first bytes (here as ISO 8859-1). */
enum FileSignature {
    PARQUET("a Parquet file", "PAR1"),
    ZIP("a zip archive", "PK\u0003\u0004"),
    GGUF("a GGUF model", "GGUF"),
    BZIP2("a bzip2 file", "BZh"),
    ZSTD("a zstd file", "(\u00b5/\u00fd"),
    XZ("an xz file", "\u00fd7zXZ"),
    UTF16_LITTLE("UTF-16 text", "\u00ff\u00fe"),
    UTF16_BIG("UTF-16 text", "\u00fe\u00ff");

    private final String what;
    private final String signature;

    FileSignature(String what, String signature) {
        this.what = what;
        this.signature = signature;
    }

    /** What a file that starts like this is, or null if it may be text. */
    static @Nullable String recognise(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        for (FileSignature kind : values()) {
            if (text.startsWith(kind.signature)) {
                return kind.what;
            }
        }
        return text.indexOf('\0') >= 0 ? "binary data" : null;
    }
}
