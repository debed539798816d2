package ai.preceptor.lm.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.config.GenerationConfig;
import ai.preceptor.formats.config.SpecialIds;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.io.ModelDocument;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.lm.torch.Telemetry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The tokenizer of a model directory, on Hugging Face's own library. It neither truncates nor pads, whatever
 * {@code tokenizer.json} says. Safe to use from several threads; native, so close it.
 *
 * <p>Text that spells a special token, such as {@code <|im_end|>}, becomes that token at any position, in a message
 * of a user too: so it is in transformers.
 */
public final class Tokenizer implements AutoCloseable {
    /** Name of the file in a model directory. */
    public static final String FILE = "tokenizer.json";

    private static final char REPLACEMENT = '\ufffd';

    private final HuggingFaceTokenizer tokenizer;
    private final SpecialTokens special;
    private final TokenizerJson json;
    private final SpecialIds wishes;
    private final int embeddingRows;

    private Tokenizer(
            HuggingFaceTokenizer tokenizer,
            SpecialTokens special,
            TokenizerJson json,
            SpecialIds wishes,
            int embeddingRows) {
        this.tokenizer = tokenizer;
        this.special = special;
        this.json = json;
        this.wishes = wishes;
        this.embeddingRows = embeddingRows;
    }

    /**
     * Loads a model directory's tokenizer.
     *
     * @param directory holds {@code tokenizer.json} and, where they are, {@code tokenizer_config.json},
     *     {@code special_tokens_map.json}, {@code generation_config.json} and {@code config.json}
     * @throws DataException naming the file when one is missing, truncated or not what it should be
     */
    public static Tokenizer load(Path directory) {
        return load(new ModelFiles(directory));
    }

    /** As {@link #load(Path)}, of a model whose files are these. */
    public static Tokenizer load(ModelFiles files) {
        ModelDocument file = files.find(FILE).orElseThrow(() -> {
            String other = files.find("tokenizer.model").isPresent()
                    ? "; found tokenizer.model, which is not read: save it once with transformers"
                    : "";
            return DataException.in(files.directory(), "holds no " + FILE + other);
        });
        SpecialTokens special = SpecialTokens.read(files);
        TokenizerJson json = TokenizerJson.of(file, special);
        SpecialIds wishes = GenerationConfig.read(files, Integer.MAX_VALUE).specialIds();
        return new Tokenizer(open(file, json), special, json, wishes, embeddingRows(files));
    }

    private static int embeddingRows(ModelFiles files) {
        return files.find(DecoderConfig.FILE)
                .map(config -> ModelJson.read(config).path("vocab_size").asInt(Integer.MAX_VALUE))
                .orElse(Integer.MAX_VALUE);
    }

    private static HuggingFaceTokenizer open(ModelDocument file, TokenizerJson json) {
        Telemetry.optOut();
        Map<String, String> options = Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");
        try (InputStream text = json.patched().isPresent()
                ? new ByteArrayInputStream(json.patched().get().getBytes(StandardCharsets.UTF_8))
                : file.content().open()) {
            return HuggingFaceTokenizer.newInstance(text, options);
        } catch (IOException | RuntimeException failure) {
            throw new DataException(file.place() + ": not a tokenizer: " + failure.getMessage(), failure);
        }
    }

    /**
     * Turns text into ids.
     *
     * @param text any text without unpaired surrogates; may be empty
     * @param addSpecial true to put around it what the tokenizer puts (a begin of sequence, often); false for a text a
     *     chat template has written, which holds its special tokens already
     * @throws EncodingException when the text holds half of a surrogate pair, naming where, or a token that was added
     *     to the tokenizer but not to the model beside it, so that no embedding has its id
     */
    public int[] encode(String text, boolean addSpecial) {
        refuseUnpairedSurrogates(text);
        // Not by the class above it, which also fetches tokens, masks and spans, in as much time again.
        long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), text, addSpecial);
        try {
            return toInts(TokenizersLibrary.LIB.getTokenIds(encoding));
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    /**
     * Turns text into ids and says which characters each came from.
     *
     * @param text as for {@link #encode}
     * @param addSpecial as for {@link #encode}
     */
    public TokenizedText tokenize(String text, boolean addSpecial) {
        refuseUnpairedSurrogates(text);
        Encoding encoding = tokenizer.encode(text, addSpecial, false);
        return TokenizedText.of(text, toInts(encoding.getIds()), encoding.getCharTokenSpans());
    }

    /**
     * Turns text that is not trusted into ids, none of which is a special token or another one that was added to the
     * vocabulary: where the text spells one, it is tokenized in two parts that do not.
     *
     * @param text as for {@link #encode}
     */
    public int[] encodePlain(String text) {
        IntStream.Builder ids = IntStream.builder();
        String rest = text;
        while (!rest.isEmpty()) {
            TokenizedText tokens = tokenize(rest, false);
            int at = firstControl(tokens);
            if (at < 0) {
                Arrays.stream(tokens.ids()).forEach(ids::add);
                break;
            }
            int start = Math.max(0, tokens.starts()[at]);
            int end = Math.max(start + 1, tokens.ends()[at]);
            int cut = rest.offsetByCodePoints(start, 1);
            if (cut >= end) { // one character alone
                String other = rest.charAt(start) == REPLACEMENT ? "" : String.valueOf(REPLACEMENT);
                rest = rest.substring(0, start) + other + rest.substring(cut);
            } else {
                Arrays.stream(encodePlain(rest.substring(0, cut))).forEach(ids::add);
                rest = rest.substring(cut);
            }
        }
        return ids.build().toArray();
    }

    /**
     * Whether a token that was added to the vocabulary, such as a special one, holds a character of [start, end).
     *
     * @param tokens of a text
     */
    public boolean hasControl(TokenizedText tokens, int start, int end) {
        for (int i = 0; i < tokens.ids().length; i++) {
            if (isControl(tokens.ids()[i]) && tokens.starts()[i] < end && tokens.ends()[i] > start) {
                return true;
            }
        }
        return false;
    }

    private int firstControl(TokenizedText tokens) {
        return IntStream.range(0, tokens.ids().length)
                .filter(i -> isControl(tokens.ids()[i]))
                .findFirst()
                .orElse(-1);
    }

    private boolean isControl(int id) {
        return json.control().contains(id);
    }

    /** No UTF-8 can spell them, and the native side must never see them. */
    private static void refuseUnpairedSurrogates(String text) {
        int unit;
        for (int i = 0; i < text.length(); i += Character.charCount(unit)) {
            unit = text.codePointAt(i);
            if (unit >= Character.MIN_SURROGATE && unit <= Character.MAX_SURROGATE) {
                throw new EncodingException(
                        String.format(Locale.ROOT, "text: character %d is half of a surrogate pair, U+%04X", i, unit));
            }
        }
    }

    private int[] toInts(long[] ids) {
        int[] checked = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] >= embeddingRows) {
                throw new EncodingException("text: token \"" + show((int) ids[i]) + "\" has id " + ids[i]
                        + ", but config.json gives the embedding " + embeddingRows + " rows (vocab_size)");
            }
            checked[i] = (int) ids[i];
        }
        return checked;
    }

    /**
     * Turns ids into text.
     *
     * <p>The text of a part is not a part of the text: bytes of one character may be spread over several tokens, and an
     * incomplete one decodes to U+FFFD.
     *
     * @param ids ids from 0 on; those without a token are passed over
     * @param skipSpecial true to leave special tokens out
     * @throws IllegalArgumentException when an id is negative
     */
    public String decode(int[] ids, boolean skipSpecial) {
        IntStream.range(0, ids.length).filter(i -> ids[i] < 0).findFirst().ifPresent(i -> {
            throw new IllegalArgumentException("ids: expected numbers from 0 on, received " + ids[i] + " at " + i);
        });
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), skipSpecial);
    }

    /** The token of an id as it would be read, special tokens included. */
    public String show(int id) {
        return decode(new int[] {id}, false);
    }

    /** Id of the end of sequence, or -1: the tokenizer's, else the first of the {@link GenerationConfig}. */
    public int eosId() {
        return named("eos_token", wishes.eos().isEmpty() ? -1 : wishes.eos().get(0));
    }

    /** Id of the begin of sequence, or -1. */
    public int bosId() {
        return named("bos_token", wishes.bos().orElse(-1));
    }

    /** Id of padding, or -1. */
    public int padId() {
        return named("pad_token", wishes.pad().orElse(-1));
    }

    private int named(String name, int otherwise) {
        String token = special.named().get(name);
        return token == null ? otherwise : json.ids().getOrDefault(token, otherwise);
    }

    /**
     * Ids that end a generation: all ends of sequence of the {@link GenerationConfig}, and the tokenizer's own. Sorted,
     * possibly empty; the model may have no logits for some.
     */
    public int[] stopIds() {
        IntStream own = eosId() < 0 ? IntStream.empty() : IntStream.of(eosId());
        return IntStream.concat(own, wishes.eos().stream().mapToInt(Integer::intValue))
                .sorted()
                .distinct()
                .toArray();
    }

    /** The end of sequence as text: the tokenizer's, else that of {@link #eosId}, which some files alone give. */
    public Optional<String> eosToken() {
        Optional<String> named = Optional.ofNullable(special.named().get("eos_token"));
        return named.or(() -> eosId() < 0 ? Optional.empty() : Optional.of(show(eosId())));
    }

    /** The named special tokens ({@code bos_token}, ...) as chat templates see them; absent ones are not in it. */
    public Map<String, String> specialTokens() {
        return Collections.unmodifiableMap(special.named());
    }

    /** One more than the largest id of a token; a model's embedding has at least so many rows. */
    public int vocabSize() {
        return json.size();
    }

    /** Frees the native tokenizer. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
