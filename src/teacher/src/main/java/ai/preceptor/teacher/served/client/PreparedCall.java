package ai.preceptor.teacher.served.client;

import ai.preceptor.data.files.Sha256;
import ai.preceptor.teacher.ledger.Intent;
import io.vertx.core.buffer.Buffer;

/**
 * A question, ready to be sent; made on the asking thread, since encoding and hashing are no work for an event loop.
 *
 * @param request what is asked
 * @param body how
 * @param intent its entry in the ledger before it is sent
 */
record PreparedCall(TeacherCall request, Buffer body, Intent intent) {
    /**
     * Malformed answers that a request is paid for, in all runs of a ledger: one may be an accident of a gateway, three are
     * how the server answers it.
     */
    static final int ATTEMPTS = 3;

    static PreparedCall of(TeacherCall request, ServerOptions options, String address) {
        String body = request.body(options.model());
        Intent intent = new Intent(
                Sha256.of(address + '\n' + body),
                options.key().hide(body),
                options.prices().of(request.mostPromptTokens(), request.maxTokens()),
                ATTEMPTS);
        return new PreparedCall(request, Buffer.buffer(body), intent);
    }

    /** What tells calls apart: the server's address and all that is sent, but not the key. */
    String hash() {
        return intent.hash();
    }
}
