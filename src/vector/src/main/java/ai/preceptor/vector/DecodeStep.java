package ai.preceptor.vector;

import ai.preceptor.vector.DecodeModel.Layer;
import ai.preceptor.vector.DecodeModel.Sizes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Feeds one token a row through a model. One thread calls; the team's others help.
 *
 * <p>Its memory grows with the number of rows and stays.
 */
public final class DecodeStep {
    private final DecodeModel model;
    private final Sizes sizes;
    private final KeyValueBlocks store;
    private final Team team;
    private final Attention[] attentions;
    private final TokenDraw[] draws;
    private final int widest;
    private final int widestResult;
    private float[] stream = new float[0];
    private float[] normed = new float[0];
    private float[] packed = new float[0];
    private float[] inputs = new float[0];
    private float[] wide = new float[0];
    private float[] logits = new float[0];
    private long products;
    private long attention;
    private long whole;
    private long drawing;

    /**
     * A step over a store.
     *
     * @param store of the model's keys and values
     */
    public DecodeStep(DecodeModel model, KeyValueBlocks store, Team team) {
        this.model = model;
        this.sizes = model.sizes();
        this.store = store;
        this.team = team;
        this.attentions = new Attention[team.size()];
        Arrays.setAll(attentions, i -> new Attention(store));
        this.draws = new TokenDraw[team.size()];
        Arrays.setAll(draws, i -> new TokenDraw(model.head().outputs(), sizes.logitCap()));
        List<PackedMatrix> matrices = model.layers().stream()
                .map(Layer::matrices)
                .flatMap(own -> Stream.of(own.attention(), own.output(), own.up(), own.down()))
                .map(Linear::matrix)
                .toList();
        this.widest = Math.max(
                sizes.width(),
                matrices.stream().mapToInt(PackedMatrix::width).max().orElse(0));
        this.widestResult =
                matrices.stream().mapToInt(PackedMatrix::stride).max().orElse(0);
    }

    /** Numbers of a token's stream. */
    public int width() {
        return sizes.width();
    }

    /** Tokens that there are. */
    public int vocabulary() {
        return model.head().outputs();
    }

    /**
     * Logits of the tokens that follow, not yet bounded.
     *
     * @param embedded the fed tokens' embeddings {@code [rows, width]}, scaled and with positions where the model has such
     * @param rows in the order of {@code embedded}, at least one
     * @return {@code [rows, head stride]}, see {@link PackedMatrix#stride}; valid until the next call
     */
    public float[] logits(float[] embedded, List<StepRow> rows) {
        long began = System.nanoTime();
        int n = rows.size();
        reserve(n);
        System.arraycopy(embedded, 0, stream, 0, n * sizes.width());
        for (int l = 0; l < model.layers().size(); l++) {
            layer(l, rows);
        }
        team.run((part, parts, thread) -> norm(model.finalNorm(), model.head(), n, part, parts));
        product(model.head(), n, logits);
        whole += System.nanoTime() - began;
        return logits;
    }

    /**
     * Logits of normed hidden states, such as those of prompts' last tokens.
     *
     * @param hidden {@code [rows, width]}
     * @return as {@link #logits}
     */
    public float[] headLogits(float[] hidden, int rows) {
        reserve(rows);
        for (int row = 0; row < rows; row++) {
            model.head().pack(hidden, row * sizes.width(), packed, row, rows);
        }
        long began = System.nanoTime();
        product(model.head(), rows, logits);
        whole += System.nanoTime() - began;
        return logits;
    }

    /**
     * Chooses the tokens of rows.
     *
     * @param from logits as {@link #logits} and {@link #headLogits} give them
     * @param how of each row
     */
    public List<Drawn> draw(float[] from, List<Drawing> how) {
        long began = System.nanoTime();
        Drawn[] drawn = new Drawn[how.size()];
        team.run((part, parts, thread) -> {
            for (int row = part; row < drawn.length; row += parts) {
                drawn[row] = draws[thread].draw(from, row * model.head().stride(), how.get(row));
            }
        });
        drawing += System.nanoTime() - began;
        return Arrays.asList(drawn);
    }

    /** Time of all calls so far. */
    public StepTime time() {
        return new StepTime(products, attention, whole - products - attention, drawing);
    }

    private void reserve(int rows) {
        int whole = PackedMatrix.whole(rows);
        stream = room(stream, rows * sizes.width());
        normed = room(normed, whole * Lanes.padded(widest));
        packed = room(packed, whole * Lanes.padded(widest));
        inputs = room(inputs, whole * widestResult + Lanes.PARTS); // vectors read past what is gated
        wide = room(wide, whole * widestResult);
        logits = room(logits, whole * model.head().stride());
    }

    private static float[] room(float[] array, int length) {
        return array.length >= length ? array : new float[length];
    }

    private void product(PackedMatrix matrix, int rows, float[] y) {
        long began = System.nanoTime();
        team.run((part, parts, thread) -> matrix.multiply(packed, rows, y, part, parts));
        products += System.nanoTime() - began;
    }

    private void layer(int index, List<StepRow> rows) {
        Layer layer = model.layers().get(index);
        DecodeModel.Matrices matrices = layer.matrices();
        DecodeModel.Norms norms = layer.norms();
        int n = rows.size();
        team.run((part, parts, thread) ->
                norm(norms.beforeAttention(), matrices.attention().matrix(), n, part, parts));
        product(matrices.attention().matrix(), n, inputs);
        team.run((part, parts, thread) -> write(index, rows, part, parts));
        long began = System.nanoTime();
        team.run((part, parts, thread) -> attend(index, rows, part, parts, attentions[thread]));
        attention += System.nanoTime() - began;
        product(matrices.output().matrix(), n, wide);
        team.run((part, parts, thread) -> afterAttention(layer, n, part, parts));
        product(matrices.up().matrix(), n, inputs);
        team.run((part, parts, thread) -> activate(matrices, n, part, parts));
        product(matrices.down().matrix(), n, wide);
        team.run((part, parts, thread) -> addBlock(matrices.down(), norms.afterMlp(), n, part, parts));
    }

    /** Norms rows of the stream and packs them for a product. */
    private void norm(Norm norm, PackedMatrix next, int rows, int part, int parts) {
        for (int row = part; row < rows; row += parts) {
            packNormed(norm, next, row, rows);
        }
    }

    private void packNormed(Norm norm, PackedMatrix next, int row, int rows) {
        int at = row * sizes.width();
        if (norm.isEmpty()) {
            next.pack(stream, at, packed, row, rows);
        } else {
            norm.apply(stream, at, normed, at);
            next.pack(normed, at, packed, row, rows);
        }
    }

    /** Finishes queries, keys and values, and stores the latter two. */
    private void write(int index, List<StepRow> rows, int part, int parts) {
        Layer layer = model.layers().get(index);
        Linear linear = layer.matrices().attention();
        int size = sizes.headSize();
        int queries = sizes.heads() * size;
        int keys = sizes.kvHeads() * size;
        for (int r = part; r < rows.size(); r += parts) {
            StepRow row = rows.get(r);
            int at = r * linear.matrix().stride();
            linear.addBias(inputs, at);
            if (!layer.norms().queries().isEmpty()) {
                layer.norms().queries().applyRuns(inputs, at, queries);
                layer.norms().keys().applyRuns(inputs, at + queries, keys);
            }
            if (layer.rotary() >= 0) {
                model.rotary()
                        .get(layer.rotary())
                        .turn(inputs, at, sizes.heads() + sizes.kvHeads(), size, row.position());
            }
            for (int head = 0; head < sizes.kvHeads(); head++) {
                int key = at + queries + head * size;
                store.write(row.block(), index, head, row.column(), inputs, key, key + keys);
            }
        }
    }

    private void attend(int index, List<StepRow> rows, int part, int parts, Attention attention) {
        Layer layer = model.layers().get(index);
        PackedMatrix next = layer.matrices().output().matrix();
        int stride = layer.matrices().attention().matrix().stride();
        int width = Lanes.padded(sizes.heads() * sizes.headSize());
        int block = PackedMatrix.block(rows.size());
        int pairs = (sizes.group() + Attention.QUERIES - 1) / Attention.QUERIES;
        int size = sizes.headSize();
        int tasks = rows.size() * sizes.kvHeads() * pairs;
        // neighbours, which read the same keys and values
        for (int task = tasks * part / parts; task < tasks * (part + 1) / parts; task++) {
            int r = task / pairs / sizes.kvHeads();
            int kvHead = task / pairs % sizes.kvHeads();
            int inGroup = task % pairs * Attention.QUERIES;
            int queries = Math.min(Attention.QUERIES, sizes.group() - inGroup);
            int begin = (kvHead * sizes.group() + inGroup) * size;
            StepRow row = rows.get(r);
            int first = layer.windowed() ? Math.max(0, row.position() - sizes.window() + 1) : 0;
            int from = r * stride + begin;
            int to = r * width + begin;
            attention.attend(row, index, kvHead, queries, inputs, from, layer.scale(), first, normed, to);
            int place = r / block * block * next.width() + r % block;
            for (int d = 0; d < queries * size; d++) {
                packed[place + (begin + d) * block] = normed[to + d];
            }
        }
    }

    private void afterAttention(Layer layer, int rows, int part, int parts) {
        Norm next = layer.norms().beforeMlp();
        PackedMatrix up = layer.matrices().up().matrix();
        for (int row = part; row < rows; row += parts) {
            if (sizes.parallel()) {
                packNormed(next, up, row, rows);
                addRow(layer.matrices().output(), layer.norms().afterAttention(), row);
            } else {
                addRow(layer.matrices().output(), layer.norms().afterAttention(), row);
                packNormed(next, up, row, rows);
            }
        }
    }

    private void addBlock(Linear linear, Norm after, int rows, int part, int parts) {
        for (int row = part; row < rows; row += parts) {
            addRow(linear, after, row);
        }
    }

    /** Adds a block's result to the stream. */
    private void addRow(Linear linear, Norm after, int row) {
        int from = row * linear.matrix().stride();
        linear.addBias(wide, from);
        if (!after.isEmpty()) {
            after.apply(wide, from, wide, from);
        }
        int to = row * sizes.width();
        for (int i = 0; i < sizes.width(); i++) {
            stream[to + i] += wide[from + i];
        }
    }

    private void activate(DecodeModel.Matrices matrices, int rows, int part, int parts) {
        PackedMatrix up = matrices.up().matrix();
        PackedMatrix down = matrices.down().matrix();
        int inner = down.inputs();
        for (int row = part; row < rows; row += parts) {
            int at = row * up.stride();
            matrices.up().addBias(inputs, at);
            if (sizes.gated()) {
                sizes.activation().gate(inputs, at, at + inner, inner);
            } else {
                sizes.activation().apply(inputs, at, inner);
            }
            down.pack(inputs, at, packed, row, rows);
        }
    }
}
