package ai.preceptor.data.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** The operating system's reason for a refused operation, in words. For the packages of {@code data}. */
public final class IoReason {
    private IoReason() {}

    /** The reason of a refused operation; the message of the exception where none is known. */
    public static String of(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left")) {
            return "no space left on the device";
        }
        if (e instanceof AccessDeniedException || message.contains("Permission denied")) {
            return "no permission";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return "a file is in the place of a directory (" + message + ")";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return message;
    }
}
