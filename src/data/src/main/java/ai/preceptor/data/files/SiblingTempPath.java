package ai.preceptor.data.files;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A name beside a target, where the target's next version is made. It holds the process and where the process's number is
 * valid: on another machine or in another container, the number is that of no process or of another one.
 */
final class SiblingTempPath {
    /** Where process numbers are those of this process: this boot of this machine, in this container. */
    static final String PLACE = String.format(Locale.ROOT, "%08x", place().hashCode());

    private static final int RANDOM_CHARACTERS = 8;

    private final Path target;
    private final String stem;

    private SiblingTempPath(Path target) {
        this.target = target;
        String random = UUID.randomUUID().toString().substring(0, RANDOM_CHARACTERS);
        this.stem = prefix(target.getFileName().toString())
                + ProcessHandle.current().pid() + "-" + random;
    }

    /** A fresh name for a target, whose directory is made if missing and cleared of what dead processes of this place left. */
    static SiblingTempPath of(Path target) throws IOException {
        Path parent = target.getParent();
        if (parent == null || target.getFileName() == null) {
            throw new IOException("expected the name of a file or directory, found " + target);
        }
        Files.createDirectories(parent);
        deleteStale(parent, target.getFileName().toString());
        return new SiblingTempPath(target);
    }

    Path path() {
        return target.resolveSibling(stem + ".aside");
    }

    Path nameForOld() {
        return target.resolveSibling(stem + ".old");
    }

    /** Fills the temporary path and puts it in place; a failure of either removes it. */
    void make(AtomicFiles.Filler fill, AtomicFiles.Filler place) throws IOException {
        Path path = path();
        try {
            fill.fill(path);
            place.fill(path);
        } catch (IOException | RuntimeException e) {
            removeAfter(path, e);
            throw e;
        }
    }

    private static void removeAfter(Path path, Exception cause) {
        try {
            AtomicFiles.deleteTree(path);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static String prefix(String name) {
        return "." + name + "." + PLACE + "-";
    }

    /** From Linux; the name of the machine where the system is another one or does not tell. */
    private static String place() {
        // not a channel, which an interrupt would close
        try (InputStream boot = new FileInputStream("/proc/sys/kernel/random/boot_id")) {
            String namespace =
                    Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            return new String(boot.readAllBytes(), StandardCharsets.US_ASCII).strip() + " " + namespace;
        } catch (IOException | UnsupportedOperationException notLinux) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException nameless) {
                return "";
            }
        }
    }

    private static void deleteStale(Path parent, String name) throws IOException {
        Pattern asides = Pattern.compile(Pattern.quote(prefix(name)) + "(\\d+)-[0-9a-f]+\\.(aside|old)");
        List<Path> siblings;
        try (Stream<Path> list = Files.list(parent)) {
            siblings = list.toList();
        }
        for (Path sibling : siblings) {
            Matcher matcher = asides.matcher(String.valueOf(sibling.getFileName()));
            if (matcher.matches()
                    && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty()) {
                AtomicFiles.deleteTree(sibling);
            }
        }
    }
}
