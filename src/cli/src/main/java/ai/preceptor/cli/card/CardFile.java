package ai.preceptor.cli.card;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.files.IoReason;
import ai.preceptor.data.files.Sha256;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A {@code README.md} that is replaced only while it is as the program wrote it: its last line has the digest of the rest, so
 * that one which a person wrote or changed is recognized and left alone.
 *
 * @param path of the file
 */
record CardFile(Path path) {
    static final String NAME = "README.md";
    private static final String BEGIN = "\n<!-- written by preceptor; SHA-256 of the text above: ";
    private static final String END = " -->\n";
    private static final int DIGITS = 64;
    /** No card is larger. */
    private static final long LARGEST = 1 << 20;

    static CardFile in(Path directory) {
        return new CardFile(directory.resolve(NAME));
    }

    /**
     * Writes the card.
     *
     * @return whether it was written; false where another README.md is kept
     */
    boolean write(String text) {
        if (!Files.exists(path) || isOurs()) {
            AtomicFiles.writeString(path, text + BEGIN + Sha256.of(text) + END);
            return true;
        }
        return false;
    }

    private boolean isOurs() {
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > LARGEST) {
                return false;
            }
            String whole = Files.readString(path);
            int end = whole.length() - BEGIN.length() - DIGITS - END.length();
            return end >= 0 && whole.substring(end).equals(BEGIN + Sha256.of(whole.substring(0, end)) + END);
        } catch (CharacterCodingException e) {
            return false; // no text of ours
        } catch (IOException e) {
            throw new OutputException(path, "cannot be read: " + IoReason.of(e), e);
        }
    }
}
