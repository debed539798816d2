package ai.preceptor.vllm;

import ai.preceptor.teacher.served.http.CallException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Calls of one server that block until they are answered, for those who publish weights. */
public interface ServerCalls {
    /** What errors call the server. */
    String name();

    /**
     * Asks.
     *
     * @param path such as {@code /v1/models}
     * @return the reply's JSON; missing where it is none
     * @throws CallException if it was not answered with a success
     */
    JsonNode get(String path);

    /** Sends, as {@link #get}. */
    JsonNode post(String path, ObjectNode body);
}
