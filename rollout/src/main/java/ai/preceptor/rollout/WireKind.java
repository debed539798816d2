package ai.preceptor.rollout;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The messages on the wire, each with how it is written and read. A message's number is its place here, so a kind is only
 * ever added at the end, and one that changes raises {@link WireFormat#VERSION}.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
enum WireKind {
    FEED(
            Order.Feed.class,
            (to, order) -> to.number(order.from()).number(order.count()),
            from -> new Order.Feed(from.number(), from.count())),
    GENERATE(
            Order.Generate.class,
            (to, order) -> to.list(order.prompts(), WireParts::encoded)
                    .number(order.samples())
                    .bits(order.seedBase()),
            from -> new Order.Generate(from.list(WireParts::encoded), from.count(), from.bits())),
    REFRESH(Order.Refresh.class, (to, order) -> to.number(order.version()), from -> new Order.Refresh(from.number())),
    JUDGE(
            Order.Judge.class,
            (to, order) -> to.number(order.index()).list(order.answers(), WireParts::answer),
            from -> new Order.Judge(from.number(), from.list(WireParts::answer))),
    REPORT(Order.Report.class, (to, order) -> {}, from -> new Order.Report()),
    PULL(Order.Pull.class, (to, order) -> to.number(order.prompts()), from -> new Order.Pull(from.count())),
    PUBLISH(Order.Publish.class, (to, order) -> to.number(order.version()), from -> new Order.Publish(from.number())),
    HALT(Order.Halt.class, (to, order) -> {}, from -> new Order.Halt()),
    READY(Order.Ready.class, (to, ready) -> {}, from -> Order.Ready.READY),
    FED(
            Order.Fed.class,
            (to, fed) -> to.list(fed.prompts(), WireParts::encoded)
                    .list(fed.unreadable(), WireParts::letter)
                    .tag(fed.exhausted() ? 1 : 0),
            from -> new Order.Fed(from.list(WireParts::encoded), from.list(WireParts::letter), from.tag() != 0)),
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
    TRAJECTORIES(
            Trajectories.class,
            (to, all) -> to.list(all.list(), WireParts::trajectory),
            from -> from.list(WireParts::trajectory)),
    JOIN(Order.Join.class, (to, order) -> to.number(order.protocol()), from -> new Order.Join(from.count())),
    ENLIST(
            Order.Enlist.class,
            (to, order) -> {
                to.list(
                        order.digests().entrySet(),
                        (writer, digest) -> writer.text(digest.getKey()).text(digest.getValue()));
                to.tag(order.scores() ? 1 : 0);
            },
            from -> new Order.Enlist(
                    from.list(each -> Map.entry(each.text(), each.text())).stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                    from.tag() != 0)),
    BEAT(Order.Beat.class, (to, order) -> {}, from -> new Order.Beat()),
    LEAVE(
            Order.Leave.class,
            (to, order) -> to.text(order.reason()).tag(order.over() ? 1 : 0),
            from -> new Order.Leave(from.text(), from.tag() != 0)),
    LIST_WEIGHTS(
            Order.ListWeights.class,
            (to, order) -> to.number(order.version()),
            from -> new Order.ListWeights(from.number())),
    FETCH(
            Order.Fetch.class,
            (to, order) -> to.number(order.version()).text(order.file()).number(order.from()),
            from -> new Order.Fetch(from.number(), from.text(), from.number())),
    JOB(
            Order.Job.class,
            (to, job) ->
                    to.text(job.description()).number(job.heartbeatMillis()).number(job.silenceMillis()),
            from -> new Order.Job(from.text(), from.number(), from.number())),
    MANIFEST(
            Order.Manifest.class,
            (to, manifest) -> to.list(manifest.files(), WireParts::file),
            from -> new Order.Manifest(from.list(WireParts::file))),
    CHUNK(Order.Chunk.class, (to, chunk) -> to.bytes(chunk.bytes()), from -> new Order.Chunk(from.bytes()));

    private final Class<?> type;
    private final BiConsumer<WireWriter, Object> writing;
    private final Function<WireReader, ?> reading;

    <T> WireKind(Class<T> type, BiConsumer<WireWriter, T> writing, Function<WireReader, ?> reading) {
        this.type = type;
        this.writing = (to, message) -> writing.accept(to, type.cast(message));
        this.reading = reading;
    }

    /** An empty list of whatever. */
    record Nothing() {}

    /** A list that says what is in it. */
    record Scores(List<Score> list) {}

    /** A list that says what is in it. */
    record Completions(List<List<Completion>> list) {}

    /** A list that says what is in it. */
    record Trajectories(List<Trajectory> list) {}

    /** The kind of a message, or of a list that was wrapped. */
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

    /** True for what may stand alone. */
    boolean isMessage() {
        return Order.class.isAssignableFrom(type) || Outcome.class.isAssignableFrom(type);
    }

    /** True for what may stand inside {@link Outcome.Done}. */
    boolean isResult() {
        return !isMessage();
    }
}
