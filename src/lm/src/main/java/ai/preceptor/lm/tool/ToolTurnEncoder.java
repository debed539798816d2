package ai.preceptor.lm.tool;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.TokenizedText;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.tool.ToolRunner.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a turn of tools: what the chat template writes from the end of the model's turn with calls to the beginning
 * of its next one. The outputs are in it as plain text: none of their characters is part of a special token.
 */
final class ToolTurnEncoder {
    /** Stands for an output; no template changes or cuts it. */
    private static final String PLACE = "toolOutputPlace";

    /** A row without columns. */
    private static final Prompt ANY = Prompt.user("x");

    private final TemplateEncoder encoder;
    private final List<String> ends;
    private final @Nullable Integer usualEnd;

    /** Whether the template writes a turn of the model with several calls; Llama 3's raise an error. */
    private final boolean several;

    /**
     * An encoder of turns.
     *
     * @throws EncodingException if the chat template cannot write a turn of tools
     */
    ToolTurnEncoder(TemplateEncoder encoder) {
        this.encoder = encoder;
        int[] stops = tokenizer().stopIds();
        this.ends = Arrays.stream(stops).mapToObj(tokenizer()::show).toList();
        Output empty = new Output("tool", "", false);
        this.several = writesSeveral(empty);
        Places places = places(ANY, several ? List.of(empty, empty) : List.of(empty), true);
        this.usualEnd = Arrays.stream(stops)
                .filter(id -> tokenizer().show(id).equals(places.end()))
                .boxed()
                .findFirst()
                .orElse(null);
    }

    private boolean writesSeveral(Output empty) {
        try {
            render(ANY, List.of(empty, empty), List.of("", ""), true);
            return true;
        } catch (EncodingException refused) {
            try {
                render(ANY, List.of(empty), List.of(""), true);
                return false;
            } catch (EncodingException e) {
                e.addSuppressed(refused);
                throw e;
            }
        }
    }

    private Tokenizer tokenizer() {
        return encoder.tokenizer();
    }

    /** Id of the token with which the template ends a turn of the model; null where that is none that ends a generation. */
    @Nullable
    Integer usualEnd() {
        return usualEnd;
    }

    /** How calls look in this template: the text of a conversation with one. */
    String exampleOfCall() {
        return render(ANY, List.of(new Output("tool", "", false)), List.of(""), true);
    }

    /**
     * The tokens of a turn. Where the template takes one call a turn, each output is what it writes after a call of its own.
     *
     * @param row whose columns are the template's variables; null for none
     * @param outputs at least one, in the order of the calls
     * @throws EncodingException if the template cannot write them with these variables
     */
    int[] encode(@Nullable Prompt row, List<Output> outputs) {
        Prompt variables = row == null ? ANY : row;
        if (several) {
            Places places = places(variables, outputs, true);
            return encode(places.fixed(), contents(variables, places, outputs, true));
        }
        List<String> fixed = new ArrayList<>(List.of(""));
        List<String> contents = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            List<Output> alone = outputs.subList(i, i + 1);
            boolean last = i == outputs.size() - 1;
            Places places = places(variables, alone, last);
            contents.addAll(contents(variables, places, alone, last));
            fixed.set(i, fixed.get(i) + places.fixed().get(0));
            fixed.add(places.fixed().get(1));
        }
        return encode(fixed, contents);
    }

    /** Outputs as the template writes them. */
    private List<String> contents(Prompt row, Places places, List<Output> outputs, boolean goesOn) {
        List<String> contents = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            contents.add(places.written(i, outputs.get(i).text(), render(row, outputs, oneReal(outputs, i), goesOn)));
        }
        return contents;
    }

    /** @param fixed what is written before, between and after the contents */
    private int[] encode(List<String> fixed, List<String> contents) {
        StringBuilder whole = new StringBuilder(fixed.get(0));
        boolean[] hold = new boolean[contents.size()];
        int[] starts = new int[contents.size()];
        for (int i = 0; i < contents.size(); i++) {
            starts[i] = whole.length();
            whole.append(contents.get(i)).append(fixed.get(i + 1));
        }
        TokenizedText tokens = tokenizer().tokenize(whole.toString(), false);
        boolean spelled = false;
        for (int i = 0; i < hold.length; i++) {
            spelled |= tokenizer()
                    .hasControl(tokens, starts[i], starts[i] + contents.get(i).length());
        }
        return spelled ? inParts(fixed, contents) : tokens.ids();
    }

    /** Each output by itself, so that no token reaches from it to what the template wrote. */
    private int[] inParts(List<String> fixed, List<String> contents) {
        IntStream ids = Arrays.stream(tokenizer().encode(fixed.get(0), false));
        for (int i = 0; i < contents.size(); i++) {
            ids = IntStream.concat(ids, Arrays.stream(tokenizer().encodePlain(contents.get(i))));
            ids = IntStream.concat(ids, Arrays.stream(tokenizer().encode(fixed.get(i + 1), false)));
        }
        return ids.toArray();
    }

    private static List<String> oneReal(List<Output> outputs, int real) {
        List<String> contents = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            contents.add(i == real ? outputs.get(i).text() : place(i));
        }
        return contents;
    }

    private static String place(int index) {
        return PLACE + index + "x";
    }

    /** @param goesOn whether the model's next turn begins at the end */
    private String render(Prompt row, List<Output> outputs, List<String> contents, boolean goesOn) {
        List<Map<String, Object>> calls = new ArrayList<>();
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            String id = String.format(
                    Locale.ROOT, "call%05d", i); // nine letters and digits, which Mistral's templates ask for
            calls.add(Map.of(
                    "type",
                    "function",
                    "id",
                    id,
                    "function",
                    Map.of("name", outputs.get(i).name(), "arguments", Map.of())));
            Map<String, Object> extra = new LinkedHashMap<>();
            extra.put("name", outputs.get(i).name());
            extra.put("tool_call_id", id);
            messages.add(new Message("tool", contents.get(i), extra));
        }
        messages.add(0, Message.user("x"));
        messages.add(1, new Message("assistant", "", Map.of("tool_calls", calls)));
        return encoder.render(row, messages, goesOn);
    }

    private Places places(Prompt row, List<Output> outputs, boolean goesOn) {
        String text = render(
                row,
                outputs,
                IntStream.range(0, outputs.size())
                        .mapToObj(ToolTurnEncoder::place)
                        .toList(),
                goesOn);
        int first = text.indexOf(place(0));
        int from = -1;
        String end = "";
        for (String one : ends) {
            int at = first < 0 ? -1 : text.lastIndexOf(one, first);
            if (at >= 0 && at + one.length() > from) {
                from = at + one.length();
                end = one;
            }
        }
        if (from < 0) {
            throw new EncodingException("tools: expected a chat template that ends the model's turn with one of " + ends
                    + " and then writes a message of role tool, found one that writes: " + text);
        }
        List<String> fixed = new ArrayList<>();
        int at = from;
        for (int i = 0; i < outputs.size(); i++) {
            int next = text.indexOf(place(i), at);
            if (next < 0 || text.indexOf(place(i), next + 1) >= 0) {
                throw new EncodingException(
                        "tools: expected a chat template that writes each message of role tool once,"
                                + " in order, found one that writes: " + text);
            }
            fixed.add(text.substring(at, next));
            at = next + place(i).length();
        }
        fixed.add(text.substring(at));
        return new Places(text.substring(0, from), fixed, end);
    }

    /**
     * A rendered turn with places in the place of outputs.
     *
     * @param before what is written before the turn
     * @param fixed what is written before, between and after the outputs
     * @param end the token before the turn
     */
    private record Places(String before, List<String> fixed, String end) {
        /** An output as the template writes it, which may have quoted or trimmed it. */
        String written(int index, String output, String rendered) {
            StringBuilder head = new StringBuilder(before);
            StringBuilder tail = new StringBuilder();
            for (int i = 0; i < fixed.size(); i++) {
                StringBuilder side = i <= index ? head : tail;
                side.append(fixed.get(i));
                if (i < fixed.size() - 1 && i != index) {
                    side.append(place(i));
                }
            }
            boolean same = rendered.length() >= head.length() + tail.length()
                    && rendered.startsWith(head.toString())
                    && rendered.endsWith(tail.toString());
            return same ? rendered.substring(head.length(), rendered.length() - tail.length()) : output;
        }
    }
}
