package ai.preceptor.rollout.wire;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The kinds of messages between processes, with how each is written and read. A kind's number is its ordinal, so new kinds are added at the
 * end, and a change of one raises {@link WireFormat#VERSION}.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
enum WireKind {
    GENERATE(
            ActorMessage.Generate.class,
            (to, request) -> to.list(request.prompts(), WireParts::encoded)
                    .number(request.samples())
                    .bits(request.seedBase()),
            from -> new ActorMessage.Generate(from.list(WireParts::encoded), from.count(), from.bits())),
    REFRESH(
            ActorMessage.Refresh.class,
            (to, request) -> to.number(request.version()),
            from -> new ActorMessage.Refresh(from.number())),
    SCORE_ANSWERS(
            ActorMessage.ScoreAnswers.class,
            (to, request) -> to.number(request.index()).list(request.answers(), WireParts::answer),
            from -> new ActorMessage.ScoreAnswers(from.number(), from.list(WireParts::answer))),
    READY(ActorMessage.Ready.class, (to, ready) -> {}, from -> ActorMessage.Ready.READY),
    FAILED(
            Outcome.Failed.class,
            (to, failed) -> {
                to.constant(failed.failure().kind());
                WireCause.write(to, failed.failure().cause());
            },
            from -> new Outcome.Failed<>(new Failure(from.constant(FailureKind.class), WireCause.read(from)))),
    DONE(
            Outcome.Done.class,
            (to, done) -> {
                to.number(done.nanos());
                WireFormat.write(to, done.result());
            },
            from -> {
                long nanos = from.number();
                return new Outcome.Done<>(WireFormat.readResult(from), nanos);
            }),
    NOTHING(Nothing.class, (to, none) -> {}, from -> List.of()),
    SCORES(Scores.class, (to, scores) -> to.list(scores.list(), WireParts::score), from -> from.list(WireParts::score)),
    COMPLETIONS(
            Completions.class,
            (to, all) -> to.list(all.list(), (writer, some) -> writer.list(some, WireParts::completion)),
            from -> from.list(each -> each.list(WireParts::completion))),
    JOIN(
            ActorMessage.Join.class,
            (to, request) -> to.number(request.protocol()),
            from -> new ActorMessage.Join(from.count())),
    REGISTER(
            ActorMessage.Register.class,
            (to, request) -> {
                to.list(
                        request.digests().entrySet(),
                        (writer, digest) -> writer.text(digest.getKey()).text(digest.getValue()));
                to.tag(request.scores() ? 1 : 0);
            },
            from -> new ActorMessage.Register(
                    from.list(each -> Map.entry(each.text(), each.text())).stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                    from.tag() != 0)),
    HEARTBEAT(ActorMessage.Heartbeat.class, (to, request) -> {}, from -> new ActorMessage.Heartbeat()),
    LEAVE(
            ActorMessage.Leave.class,
            (to, request) -> to.text(request.reason()).tag(request.over() ? 1 : 0),
            from -> new ActorMessage.Leave(from.text(), from.tag() != 0)),
    LIST_WEIGHTS(
            ActorMessage.ListWeights.class,
            (to, request) -> to.number(request.version()),
            from -> new ActorMessage.ListWeights(from.number())),
    FETCH(
            ActorMessage.Fetch.class,
            (to, request) -> to.number(request.version()).text(request.file()).number(request.from()),
            from -> new ActorMessage.Fetch(from.number(), from.text(), from.number())),
    JOB(
            ActorMessage.Job.class,
            (to, job) ->
                    to.text(job.description()).number(job.heartbeatMillis()).number(job.heartbeatTimeoutMillis()),
            from -> new ActorMessage.Job(from.text(), from.number(), from.number())),
    MANIFEST(
            ActorMessage.Manifest.class,
            (to, manifest) -> to.list(manifest.files(), WireParts::file),
            from -> new ActorMessage.Manifest(from.list(WireParts::file))),
    COMPUTE(
            ActorMessage.Compute.class,
            (to, request) -> to.number(request.chunk()).bytes(request.input()),
            from -> new ActorMessage.Compute(from.number(), from.bytes())),
    COMPUTED(
            ActorMessage.Computed.class,
            (to, computed) -> to.number(computed.chunk()).bytes(computed.result()),
            from -> new ActorMessage.Computed(from.number(), from.bytes()));

    private final Class<?> type;
    private final BiConsumer<WireWriter, Object> writing;
    private final Function<WireReader, ?> reading;

    <T> WireKind(Class<T> type, BiConsumer<WireWriter, T> writing, Function<WireReader, ?> reading) {
        this.type = type;
        this.writing = (to, message) -> writing.accept(to, type.cast(message));
        this.reading = reading;
    }

    /** An empty list of any type. */
    record Nothing() {}

    /** A list with its element type. */
    record Scores(List<Score> list) {}

    /** A list with its element type. */
    record Completions(List<List<Completion>> list) {}

    /** The kind of a message, or of a wrapped list. */
    static WireKind of(Object message) {
        for (WireKind kind : values()) {
            if (kind.type.isInstance(message)) {
                return kind;
            }
        }
        throw new WireException("message: " + message.getClass().getSimpleName() + " has no form for the wire");
    }

    void write(WireWriter to, Object message) {
        to.constant(this);
        writing.accept(to, message);
    }

    Object read(WireReader from) {
        return reading.apply(from);
    }

    /** True for a kind that may be sent by itself. */
    boolean isMessage() {
        return ActorMessage.class.isAssignableFrom(type) || Outcome.class.isAssignableFrom(type);
    }

    /** True for a kind that may be inside {@link Outcome.Done}. */
    boolean isResult() {
        return !isMessage();
    }
}
