package ai.preceptor.formats.config;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.family.Architecture;
import ai.preceptor.formats.family.Biases;
import ai.preceptor.formats.family.DecoderSpec;
import ai.preceptor.formats.family.Head;
import ai.preceptor.formats.family.LayerStyle;
import ai.preceptor.formats.family.Positions;
import ai.preceptor.formats.family.Scales;
import ai.preceptor.formats.family.Sizes;
import ai.preceptor.formats.family.TensorNames;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.io.JsonFields;
import ai.preceptor.formats.io.ModelDocument;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A decoder's {@code config.json}, checked, with the defaults transformers gives to keys that are not there.
 *
 * @param architecture family and head
 * @param vocabSize rows of the embedding
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the feed-forward block
 * @param layers number of layers
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of a head
 * @param normEps added to the mean square or variance of a norm before its root
 * @param style how layers compute
 * @param biases which projections have them
 * @param positions rotary or learned positions, and windows
 * @param scales what embeddings, scores and logits are multiplied or bounded by
 * @param tieWordEmbeddings true when the head's weight is the embedding
 * @param maxPositionEmbeddings positions the model is meant for; with dynamic rotary scaling more than the file names
 * @param specialIds the file's own special ids; a tokenizer's come first
 * @param json the whole file, so that saving loses nothing
 */
public record DecoderConfig(
        Architecture architecture,
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        double normEps,
        LayerStyle style,
        Biases biases,
        Positions positions,
        Scales scales,
        boolean tieWordEmbeddings,
        int maxPositionEmbeddings,
        SpecialIds specialIds,
        ObjectNode json) {
    /** Name of the file in a model directory. */
    public static final String FILE = "config.json";

    /** Keeps a copy of the tree of its own. */
    public DecoderConfig {
        json = json.deepCopy();
    }

    /** Most tokens of a prompt and its generated answer: the context, of {@code longrope} no more than the original one. */
    public int generationContext() {
        return positions.growingLength(maxPositionEmbeddings);
    }

    /**
     * Reads {@code config.json} of a model directory.
     *
     * @param directory the model directory, or a GGUF file
     * @throws DataException naming the file and every bad key with its value and legal range
     */
    public static DecoderConfig read(Path directory) {
        ModelDocument document = new ModelFiles(directory).require(FILE);
        return parse(document.place(), ModelJson.read(document));
    }

    /**
     * Checks a configuration that is already a tree.
     *
     * @param file what to call it in messages
     * @param json the tree
     * @throws DataException naming the file and every bad key with its value and legal range
     */
    public static DecoderConfig parse(Path file, ObjectNode json) {
        JsonFields fields = new JsonFields(file, json);
        DecoderSpec spec = DecoderSpec.read(fields);
        Sizes sizes = spec.sizes();
        SpecialIds specialIds = SpecialIds.read(fields, sizes.vocabulary());
        fields.finish();
        return new DecoderConfig(
                spec.architecture(),
                sizes.vocabulary(),
                sizes.hidden(),
                sizes.intermediate(),
                sizes.layers(),
                sizes.heads(),
                sizes.kvHeads(),
                sizes.headDim(),
                spec.normEps(),
                spec.style(),
                spec.biases(),
                spec.positions(),
                spec.scales(),
                spec.tied(),
                spec.context(),
                specialIds,
                json);
    }

    /** A copy of the whole file, as it was read or last edited. */
    @Override
    public ObjectNode json() {
        return json.deepCopy();
    }

    /**
     * The token whose embedding learns nothing from being read, -1 for none: the padding token, in the families whose
     * embedding has a padding index in transformers. A tied head still moves it.
     */
    public int frozenToken() {
        return architecture.family().freezesPadding() ? specialIds.pad().orElse(-1) : -1;
    }

    /** Names of its tensors. */
    public TensorNames tensorNames() {
        return architecture.family().tensorNames();
    }

    /** Its {@code model_type}. */
    public String modelType() {
        return architecture.family().modelType();
    }

    /**
     * The configuration after a change to its JSON; keys that are not touched stay as they are.
     *
     * @param change edits a copy of the tree
     * @throws DataException when the result is no legal configuration
     */
    public DecoderConfig edited(Consumer<ObjectNode> change) {
        ObjectNode copy = json();
        change.accept(copy);
        return parse(Path.of(FILE), copy);
    }

    /** The same decoder with heads of one score each on the same hidden states, 1 or more. */
    public DecoderConfig asReward(int heads) {
        return edited(tree -> {
            label(tree, Head.REWARD, heads);
            if (heads > 1) {
                tree.put(Architecture.REWARD_HEADS, heads);
            }
        });
    }

    /**
     * The same decoder with a head of two labels on its hidden states, which say of a step whether it is right.
     *
     * @param separator the text after each step, at least one character
     * @throws DataException where transformers has no such model of the family
     */
    public DecoderConfig asProcessReward(String separator) {
        if (!architecture.family().has(Head.PROCESS_REWARD)) {
            throw new DataException(modelType() + ": expected a family that transformers has a *ForTokenClassification"
                    + " of, which a process reward model is saved as; it has none of this one");
        }
        return edited(tree -> {
            label(tree, Head.PROCESS_REWARD, 2);
            tree.put(Architecture.STEP_SEPARATOR, separator);
        });
    }

    private void label(ObjectNode tree, Head head, int count) {
        tree.putArray("architectures").add(new Architecture(architecture.family(), head).label());
        ObjectNode labels = tree.putObject("id2label");
        ObjectNode ids = tree.putObject("label2id");
        for (int i = 0; i < count; i++) {
            labels.put(String.valueOf(i), "LABEL_" + i);
            ids.put("LABEL_" + i, i);
        }
        tree.remove(List.of("num_labels", Architecture.REWARD_HEADS, Architecture.STEP_SEPARATOR));
    }

    /** How many numbers the head of a reward model gives: one, of an ensemble several, of a process reward model two. */
    public int rewardHeads() {
        return architecture.process() ? 2 : json.path(Architecture.REWARD_HEADS).asInt(1);
    }

    /** The text after each step, for a process reward model: that of the file, else a line feed, as TRL's default. */
    public String stepSeparator() {
        return json.path(Architecture.STEP_SEPARATOR).asText("\n");
    }

    /**
     * Writes {@code config.json} into a model directory.
     *
     * @throws ai.preceptor.data.OutputException when it cannot be written
     */
    public void write(Path directory) {
        ModelJson.write(directory.resolve(FILE), json);
    }
}
