package ai.preceptor.hub;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.IoReason;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Brings one file into the cache: to {@code blobs/DIGEST.preceptor.incomplete}, where an earlier attempt is continued, and under
 * its own name when size and digest are right. huggingface_hub counts and removes such files as its own, and appends to none.
 *
 * @param progress is told how many bytes of the file are here
 */
record BlobDownload(HubRequests requests, HubCache cache, Retries retries, LongConsumer progress) {
    static final String INCOMPLETE = ".preceptor.incomplete";
    private static final int BUFFER = 1 << 16;
    private static final int HTTP_PARTIAL = 206;
    private static final int HTTP_RANGE = 416;

    /** The file as it is to be stored. */
    private record Target(HubName name, String commit, RemoteFile file, Path partial) {}

    /** The blob's path. */
    Path fetch(HubName name, String commit, RemoteFile file) {
        Path blob = cache.blob(name, file.digest());
        if (Files.isRegularFile(blob)) {
            return blob;
        }
        try (BlobLock lock = BlobLock.acquire(cache.lock(name, file.digest()))) {
            if (Files.isRegularFile(blob)) {
                return blob; // another process has brought it
            }
            HubCache.makeDirectories(blob);
            Path partial = blob.resolveSibling(file.digest().hex() + INCOMPLETE);
            complete(new Target(name, commit, file, partial));
            Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE);
            return blob;
        } catch (IOException e) {
            throw new OutputException(blob, "cannot be written: " + IoReason.of(e), e);
        }
    }

    /** Makes the partial file whole. One that turns out damaged is fetched a second time from its beginning, not a third. */
    private void complete(Target target) throws IOException {
        String found = "";
        for (int time = 0; time < 2; time++) {
            transfer(target);
            found = target.file().digest().of(target.partial());
            if (found.equals(target.file().digest().hex())) {
                return;
            }
            Files.delete(target.partial());
        }
        throw new HubException(target.name() + ": " + target.file().path() + " is damaged: expected digest "
                + target.file().digest().hex() + ", found " + found + ", twice; nothing of it was kept");
    }

    private void transfer(Target target) throws IOException {
        int failures = 0;
        while (true) {
            long before = size(target.partial());
            try {
                if (!isWhole(target, before) || before == 0) {
                    receive(target, before);
                }
                return;
            } catch (LocalException e) {
                throw e.failure();
            } catch (IOException e) {
                failures = size(target.partial()) > before ? 1 : failures + 1;
                if (failures >= retries.attempts()) {
                    throw requests.unreachable(target.name(), failures, e);
                }
                retries.pause(
                        failures + 1,
                        e instanceof HubRequests.PassingException passing ? passing.pause() : Duration.ZERO);
            }
        }
    }

    private static boolean isWhole(Target target, long size) {
        return size == target.file().size();
    }

    private static long size(Path partial) throws IOException {
        return Files.isRegularFile(partial) ? Files.size(partial) : 0;
    }

    /** The disk failed, not the network. */
    private static final class LocalException extends IOException {
        private static final long serialVersionUID = 1L;
        private final IOException failure;

        LocalException(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        IOException failure() {
            return failure;
        }
    }

    private void receive(Target target, long from) throws IOException {
        HttpResponse<InputStream> reply =
                requests.content(target.name(), target.commit(), target.file().path(), from);
        try (InputStream body = new WatchedBody(reply.body(), retries.silence())) {
            if (reply.statusCode() == HTTP_RANGE) {
                Files.deleteIfExists(target.partial());
                throw new IOException("the server cannot continue at byte " + from);
            }
            boolean continued = reply.statusCode() == HTTP_PARTIAL && startsAt(reply, from);
            copy(body, target, continued ? from : 0);
        }
    }

    private static boolean startsAt(HttpResponse<InputStream> reply, long from) throws IOException {
        String range = reply.headers().firstValue("Content-Range").orElse("");
        if (!range.startsWith("bytes " + from + "-")) {
            throw new IOException("asked for bytes from " + from + ", the server sends \"" + range + "\"");
        }
        return true;
    }

    private void copy(InputStream body, Target target, long from) throws IOException {
        long expected = target.file().size();
        long done = from;
        try (FileOutputStream out = opened(target.partial(), from > 0)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                done += read;
                if (expected >= 0 && done > expected) {
                    throw new HubException(target.name() + ": " + target.file().path() + ": expected " + expected
                            + " bytes, the server sends more");
                }
                write(out, buffer, read);
                progress.accept(done);
            }
            sync(out);
        }
        if (expected >= 0 && done < expected) {
            throw new IOException("the connection ended after " + done + " of " + expected + " bytes");
        }
    }

    private static FileOutputStream opened(Path file, boolean append) throws LocalException {
        try {
            return new FileOutputStream(file.toFile(), append);
        } catch (IOException e) {
            throw new LocalException(e);
        }
    }

    private static void write(FileOutputStream out, byte[] buffer, int length) throws LocalException {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new LocalException(e);
        }
    }

    private static void sync(FileOutputStream out) throws LocalException {
        try {
            out.getFD().sync();
        } catch (IOException e) {
            throw new LocalException(e);
        }
    }
}
