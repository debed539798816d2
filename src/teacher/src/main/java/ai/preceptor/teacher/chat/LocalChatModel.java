package ai.preceptor.teacher.chat;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.teacher.BoundedPasses;
import ai.preceptor.teacher.ledger.CallLedger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * A language model on this machine that answers conversations by its chat template.
 *
 * <p>Requests are answered some at a time, and each part is in the ledger before the next begins, so an interrupted run goes
 * on where it was. What a request draws depends on its seed alone. Left without an answer: a conversation that the template
 * refuses, that leaves no room in the model's context, or whose words contain one of the model's special tokens, which
 * would forge the end of a turn.
 *
 * <p>The model stays its owner's to close; call from the thread that owns its device.
 */
public final class LocalChatModel implements ChatModel, UserTurns {
    /** Requests that are answered together, at most. */
    public static final int TOGETHER = LocalReplies.PART;

    /** Stands for the words of a user while the template is asked what it writes before them. */
    private static final String WORDS = "words of a user";

    private final String name;
    private final LanguageModel model;
    private final TemplateEncoder encoder;
    private final Generator generator;
    private final BoundedPasses passes;
    private final LocalReplies replies;

    /**
     * A model and where its answers are kept.
     *
     * @param name for metrics and reports
     * @param identity a digest of all that its answers depend on; equal requests to equal models are answered once
     * @param model the model, frozen
     * @param encoder its own
     * @param generator samples its answers
     * @param ledger where answers are kept; stays its owner's to close
     */
    public LocalChatModel(
            String name,
            String identity,
            LanguageModel model,
            TemplateEncoder encoder,
            Generator generator,
            CallLedger ledger) {
        this.name = name;
        this.model = model;
        this.encoder = encoder;
        this.generator = generator;
        this.passes = new BoundedPasses(this::logprobs, BoundedPasses.DEFAULT_ROWS);
        this.replies = new LocalReplies(name, identity, ledger);
    }

    private float[] logprobs(PackedBatch batch) {
        try {
            return model.logprobs(batch);
        } catch (NotFiniteException e) {
            throw e.at(name + ": log-probability of a label", e.index());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Asked> ask(List<ChatRequest> requests) {
        return replies.of(
                requests,
                LocalReplies::body,
                request -> tokens(request.messages(), 1),
                (part, prompts) -> written(part, prompts, this::generation));
    }

    @Override
    public List<Asked> userTurns(List<Request> requests) {
        return replies.of(
                requests,
                LocalReplies::body,
                this::beforeTurn,
                (part, prompts) -> written(
                        part,
                        prompts,
                        (request, prompt) -> new GenerationRequest(
                                prompt, 1, new SamplingOptions(request.sampling(), request.seed()))));
    }

    private <R> List<ChatReply> written(
            List<R> requests, List<int[]> prompts, BiFunction<R, int[], GenerationRequest> generation) {
        List<GenerationRequest> wanted = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            wanted.add(generation.apply(requests.get(i), prompts.get(i)));
        }
        List<List<Completion>> written = generator.generate(wanted);
        List<ChatReply> all = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            all.add(reply(written.get(i).get(0), prompts.get(i).length));
        }
        return all;
    }

    /** The tokens that the template writes before the words of a user. */
    private int[] beforeTurn(Request request) {
        List<Message> messages = new ArrayList<>(request.before());
        refuseSpecial(messages);
        messages.add(Message.user(WORDS));
        String text = encoder.render(new Prompt(new Text.Chat(messages)), messages, false);
        int at = text.lastIndexOf(WORDS);
        if (at <= 0) {
            throw new ConfigurationException(
                    name + ": expected a chat template that writes something before the words of a user, and the words"
                            + " as they are, found one that does not");
        }
        int[] ids = encoder.tokenizer().encode(text.substring(0, at), false);
        int room = model.config().maxPositionEmbeddings() - ids.length;
        if (room < request.sampling().maxNewTokens()) {
            throw new EncodingException(
                    "expected room for " + request.sampling().maxNewTokens() + " tokens after the " + ids.length
                            + " before the words of a user, found " + room);
        }
        return ids;
    }

    private GenerationRequest generation(ChatRequest request, int[] prompt) {
        ChatSampling sampling = request.sampling();
        int room = model.config().maxPositionEmbeddings() - prompt.length;
        long seed = sampling.seed() == null ? 0 : sampling.seed();
        return new GenerationRequest(
                prompt,
                1,
                SamplingOptions.atTemperature(sampling.temperature(), Math.min(room, sampling.maxTokens()), seed));
    }

    private static ChatReply reply(Completion written, int promptTokens) {
        String finish = written.finishReason() == FinishReason.LENGTH
                ? "length"
                : written.finishReason().name().toLowerCase(Locale.ROOT);
        return new ChatReply(written.text(), finish, promptTokens, written.length());
    }

    @Override
    public List<LabelReading> labels(List<LabelRequest> requests) {
        List<Asked> asked = replies.of(
                requests,
                LocalReplies::body,
                request -> {
                    tokens(request.messages(), 1); // refuses what cannot be asked
                    return answers(request.messages(), request.labels());
                },
                this::read);
        return asked.stream()
                .map(one -> one.reply() == null
                        ? LabelReading.unanswered(String.valueOf(one.problem()))
                        : LabelReading.of(LocalReplies.numbers(one.reply().text())))
                .toList();
    }

    /** All labels of some requests in one series of passes, in which the labels of a request share its prompt. */
    private List<ChatReply> read(List<LabelRequest> requests, List<Encoded> labels) {
        List<int[]> prompts = new ArrayList<>();
        List<int[]> completions = new ArrayList<>();
        for (Encoded one : labels) {
            for (int[] label : one.completions()) {
                prompts.add(one.prompt());
                completions.add(label);
            }
        }
        List<float[]> logprobs = passes.logprobs(prompts, completions);
        List<ChatReply> all = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < requests.size(); i++) {
            List<Double> own = new ArrayList<>();
            for (int[] label : labels.get(i).completions()) {
                own.add((double) logprobs.get(next++)[label.length - 1]);
            }
            all.add(new ChatReply(LocalReplies.text(own), "stop", labels.get(i).prompt().length, 1));
        }
        return all;
    }

    @Override
    public void requireLabels(List<String> labels) {
        try {
            answers(List.of(Message.user("?")), labels);
        } catch (EncodingException e) {
            throw new ConfigurationException(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * A prompt and its labels as tokens: of each answer what comes before its label, which some templates write, and the
     * label.
     *
     * @throws EncodingException naming a label that is not one token
     */
    private Encoded answers(List<Message> messages, List<String> labels) {
        Prompt prompt = new Prompt(new Text.Chat(messages));
        Encoded encoded =
                encoder.encode(prompt, labels.stream().map(prompt::reply).toList());
        int same = common(encoded.completions());
        List<int[]> cut = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            int[] ids = encoded.completions().get(i);
            String found = same < ids.length ? encoder.decode(new int[] {ids[same]}, false) : "";
            if (!found.equals(labels.get(i))) {
                throw new EncodingException("label \"" + labels.get(i)
                        + "\": expected a word that is one token of the model, found one whose first token there is \""
                        + found + "\"; choose others with teacher_labels");
            }
            cut.add(Arrays.copyOf(ids, same + 1));
        }
        return new Encoded(encoded.prompt(), cut, 0);
    }

    private static int common(List<int[]> answers) {
        int[] first = answers.get(0);
        int same = first.length;
        for (int[] other : answers.subList(1, answers.size())) {
            int mismatch = Arrays.mismatch(first, other);
            same = mismatch < 0 ? same : Math.min(same, mismatch);
        }
        return same;
    }

    /** The tokens of a conversation that leaves room for so many more. */
    private int[] tokens(List<Message> messages, int room) {
        refuseSpecial(messages);
        int[] ids = encoder.prompt(new Prompt(new Text.Chat(messages)));
        int context = model.config().maxPositionEmbeddings();
        if (ids.length + room > context) {
            throw new EncodingException(
                    "the question has " + ids.length + " tokens, expected at most " + (context - room)
                            + ", so that a reply fits into the model's context of " + context
                            + "; shorten the words it is asked in, such as teacher_template, or ask another model");
        }
        return ids;
    }

    private void refuseSpecial(List<Message> messages) {
        for (Message message : messages) {
            for (String special : encoder.tokenizer().specialTokens().values()) {
                if (message.content().contains(special)) {
                    throw new EncodingException("expected words without the model's special token " + special
                            + ", which would forge the end of a turn, found it");
                }
            }
        }
    }
}
