package ai.preceptor.tinker;

import ai.preceptor.data.TeacherException;
import ai.preceptor.tinker.ServiceCalls.Reply;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One model of a session: the base with an adapter and its optimizer. Its requests are numbered; one thread makes them. */
final class RemoteModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteModel.class);

    /** The adapter is scaled by this divided by its rank; the API has no other. */
    static final double ALPHA = 32;

    /** Of a request of sequences; the SDK's own limits. */
    private static final long MOST_BYTES = 5_000_000;

    private static final int MOST_SEQUENCES = 1024;
    private static final long SMALL = 1 << 20;

    /** Of a result, for each position: log-probability, loss, and more. */
    private static final long BYTES_A_POSITION = 64;

    private static final long LARGEST_ADAPTER = 16L << 30;
    private static final String GRAD_NORM = "grad_norm";
    private static final Pattern PATH = Pattern.compile("tinker://[A-Za-z0-9_.:/-]{1,1000}");

    private final TinkerService service;
    private final String id;
    private final int rank;
    private int sequence;

    RemoteModel(TinkerService service, String id, int rank) {
        this.service = service;
        this.id = id;
        this.rank = rank;
    }

    int rank() {
        return rank;
    }

    /**
     * Measures sequences.
     *
     * @return {@code [sequences][positions]}: log-probabilities in nats; not finite where the model's numbers are not
     */
    List<float[]> forward(List<Datum> data) {
        return pass(data, false);
    }

    /** The same, and adds gradients of the sequences to those since the last {@link #step}. */
    List<float[]> forwardBackward(List<Datum> data) {
        return pass(data, true);
    }

    private List<float[]> pass(List<Datum> data, boolean training) {
        List<List<Datum>> portions = portions(data);
        List<String> requests = new ArrayList<>();
        for (List<Datum> portion : portions) {
            byte[] body = ForwardBackwardMessage.request(id, ++sequence, portion, training);
            requests.add(service.id(service.send("forward_backward", body)));
        }
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < portions.size(); i++) {
            all.addAll(measured(portions.get(i), requests.get(i)));
        }
        return all;
    }

    private static List<List<Datum>> portions(List<Datum> data) {
        List<List<Datum>> portions = new ArrayList<>();
        long bytes = 0;
        for (Datum datum : data) {
            List<Datum> last = portions.isEmpty() ? List.of() : portions.get(portions.size() - 1);
            if (last.isEmpty() || last.size() == MOST_SEQUENCES || bytes + datum.bytes() > MOST_BYTES) {
                last = new ArrayList<>();
                portions.add(last);
                bytes = 0;
            }
            last.add(datum);
            bytes += datum.bytes();
        }
        return portions;
    }

    private List<float[]> measured(List<Datum> data, String request) {
        long positions = data.stream().mapToLong(Datum::length).sum();
        Reply reply = service.result("forward_backward", request, SMALL + BYTES_A_POSITION * positions);
        List<float[]> all;
        try {
            all = ForwardBackwardMessage.logprobs(reply.body());
        } catch (IOException e) {
            throw service.wrong("forward_backward", e.getMessage(), "a message with log-probabilities");
        }
        if (all.size() != data.size()) {
            throw service.wrong("forward_backward", all.size() + " sequences", data.size() + " sequences");
        }
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).length != data.get(i).length()) {
                throw service.wrong(
                        "forward_backward",
                        all.get(i).length + " log-probabilities of sequence " + i,
                        data.get(i).length() + " of it");
            }
        }
        return all;
    }

    /**
     * One optimizer step on the gradients since the last one.
     *
     * @return norm of the gradient as the service tells it; NaN where it tells none that is a number
     */
    double step(double learningRate, AdamTerms terms) {
        ObjectNode body = body().put("seq_id", ++sequence);
        terms.write(learningRate, body.putObject("adam_params"));
        Reply reply = service.result("optim_step", service.id(service.send("optim_step", body, true)), SMALL);
        double norm = Double.NaN;
        for (var metric : reply.json().path("metrics").properties()) {
            boolean isNorm =
                    metric.getKey().endsWith(GRAD_NORM) && !metric.getKey().contains("mhc");
            norm = isNorm && metric.getValue().isNumber() ? metric.getValue().doubleValue() : norm;
        }
        return norm;
    }

    private ObjectNode body() {
        return JsonNodeFactory.instance.objectNode().put("model_id", id);
    }

    /**
     * Keeps weights and optimizer on the service.
     *
     * @return where, for {@link #load}
     */
    String save() {
        return saved("save_weights", "state-" + UUID.randomUUID(), PATH);
    }

    /** Under a name that no earlier attempt had, since a name is taken even if its answer was lost. */
    private String saved(String what, String name, Pattern legal) {
        ObjectNode body = body().put("path", name).put("type", what);
        JsonNode sent = service.send(what, body, false);
        return service.text(service.result(what, service.id(sent), SMALL).json(), "path", legal);
    }

    /** Takes weights and optimizer back; the service allows it before any other request of the model. */
    void load(String path) {
        ObjectNode body = body().put("path", path).put("optimizer", true).put("type", "load_weights");
        service.result("load_weights", service.id(service.send("load_weights", body, false)), SMALL);
    }

    /**
     * Writes the adapter in PEFT's layout.
     *
     * @param directory exists
     * @param base where the base model's files are here
     * @return how many bytes its weights have
     */
    long export(Path directory, Path base) {
        String name = "adapter-" + UUID.randomUUID();
        saved("save_weights_for_sampler", name, PATH);
        try {
            Path archive = Files.createTempFile(directory, ".adapter", ".tar.gz");
            try {
                try (OutputStream out = Files.newOutputStream(archive)) {
                    service.fetch("training_runs/" + id + "/checkpoints/" + name + "/archive", out, LARGEST_ADAPTER);
                }
                return new AdapterArchive(archive, LARGEST_ADAPTER).unpack(directory, base, rank);
            } finally {
                Files.deleteIfExists(archive);
            }
        } catch (IOException e) {
            throw new TeacherException(
                    service.name() + ": the adapter was not exported: " + e.getMessage()
                            + "; the service keeps it, resume=true exports it again",
                    e);
        }
    }

    /** Lets the service forget it; what fails is left to the end of the session, and an outage is not waited for. */
    @Override
    public void close() {
        try {
            service.attempt("unload_model", body().put("type", "unload_model"));
        } catch (RuntimeException e) {
            LOG.warn("a model was not unloaded: {}", e.getMessage());
        }
    }
}
