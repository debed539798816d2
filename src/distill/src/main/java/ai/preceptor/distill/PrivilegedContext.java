package ai.preceptor.distill;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.text.EncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What only the teacher is told.
 *
 * <p><b>Idea.</b> A model that is told more answers better. The teacher reads a hint, a document or a demonstration in its
 * prompt, the student does not, and learns to answer as if it had: the teacher may be the student itself.
 *
 * <p><b>Formula.</b> At each token y_t of an answer to x, with a context c, any divergence of {@code q(. | x, y_<t)} from
 * {@code p(. | x, c, y_<t)}.
 *
 * <p><b>Source.</b> Self-distillation from demonstrations: Shenfeld et al. 2026, Self-Distillation Enables Continual
 * Learning, arXiv:2601.19897 (SDFT): the student's own answers, the reverse KL, and an EMA of the student as the teacher;
 * here {@code lmbda=1}, {@code loss_type=reverse_kl} and {@code distillation=self}. Names are TRL's ({@code
 * trl.experimental.sdft}), whose {@code teacher_model_kind} base, live and ema are {@code ema_decay} 1, 0 and between.
 * Context distillation: Snell et al. 2022, arXiv:2209.15189.
 *
 * <p><b>Departures.</b> The whole distributions are compared, TRL's default are the 100 most probable tokens of the student;
 * no importance weights, since answers are drawn with the weights of the step.
 *
 * <p><b>When not to use it.</b> With a model too small to make use of the context: it then teaches noise.
 *
 * @param privilegedContext the column that holds the text; null for none
 * @param teacherPromptTemplate the teacher's prompt, with {@code {prompt}} and {@code {privileged_context}}; null for the
 *     two with an empty line between them. Of a conversation it is its last message
 */
public record PrivilegedContext(
        @Key(help = "column of the rows whose text only the teacher sees, after the prompt") @Nullable
        String privilegedContext,

        @Key(
                help = "privileged_context: template of the teacher's prompt (of a conversation, its last "
                        + "message), with {prompt} and {privileged_context}",
                defaultText = "both, separated by an empty line")
        @Nullable
        String teacherPromptTemplate) {
    /** Teachers are told what students are. */
    public static final PrivilegedContext NONE = new PrivilegedContext(null, null);

    private static final String STANDARD = "{prompt}\n\n{privileged_context}";
    private static final Pattern PLACE = Pattern.compile("\\{(prompt|privileged_context)}");

    /** @throws ai.preceptor.data.ConfigurationException naming every value that is not legal or does not fit the others */
    public PrivilegedContext {
        Refusals refusals = Refusals.of(PrivilegedContext.class, privilegedContext, teacherPromptTemplate);
        if (privilegedContext != null && privilegedContext.isBlank()) {
            refusals.refuse("privileged_context", "expected the name of a column, found \"" + privilegedContext + "\"");
        }
        if (teacherPromptTemplate != null && privilegedContext == null) {
            refusals.refuse(
                    "teacher_prompt_template",
                    "expected none without privileged_context, found \"" + teacherPromptTemplate + "\"");
        } else if (teacherPromptTemplate != null) {
            String template = teacherPromptTemplate;
            List<String> missing = Stream.of("{prompt}", "{privileged_context}")
                    .filter(place -> !template.contains(place))
                    .toList();
            if (!missing.isEmpty()) {
                refusals.refuse(
                        "teacher_prompt_template", "expected " + missing + " in it, found \"" + template + "\"");
            }
        }
        refusals.throwIfAny();
    }

    /** Whether teachers are told more. */
    public boolean isGiven() {
        return privilegedContext != null;
    }

    /**
     * A row as teachers see it.
     *
     * @throws EncodingException if it has no such text, or no prompt to add it to
     */
    Demonstration shown(Demonstration row) {
        if (privilegedContext == null) {
            return row;
        }
        if (!(row.prompt().columns().get(privilegedContext) instanceof String context)) {
            throw new EncodingException("privileged_context: expected a text in column " + privilegedContext
                    + ", found " + KeyName.shown(row.prompt().columns().get(privilegedContext)));
        }
        Text text = row.prompt().text();
        if (text instanceof Text.Plain plain) {
            return asked(row, Text.plain(filled(plain.value(), context)));
        }
        List<Message> messages = new ArrayList<>(((Text.Chat) text).messages());
        if (messages.isEmpty()) {
            throw new EncodingException("privileged_context: expected a prompt to add it to, found none");
        }
        int last = messages.size() - 1;
        messages.set(
                last,
                new Message(messages.get(last).role(), filled(messages.get(last).content(), context)));
        return asked(row, new Text.Chat(messages));
    }

    private static Demonstration asked(Demonstration row, Text text) {
        return new Demonstration(new Prompt(text, row.prompt().columns()), row.completion());
    }

    /** Both places are filled at once, so that what is filled in is not searched. */
    private String filled(String prompt, String context) {
        String template = teacherPromptTemplate == null ? STANDARD : teacherPromptTemplate;
        return PLACE.matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).equals("prompt") ? prompt : context));
    }
}
