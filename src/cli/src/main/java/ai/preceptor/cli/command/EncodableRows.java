package ai.preceptor.cli.command;

import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.rows.ReadReport;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.BoundaryException;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that a model's tokenizer and chat template can read, checked before the model loads: one that cannot be encoded
 * is a
 * bad row like one that breaks its format, with file, line and reason.
 *
 * @param reader reads a file
 * @param model its tokenizer and template
 * @param boundary what to do where a prompt's ids are not a prefix
 * @param encoding turns a row into ids as the command will
 */
public record EncodableRows<R>(RowFormat.Reader<R> reader, ModelFiles model, Boundary boundary, Encoding<R> encoding)
        implements RowFormat.Reader<R> {
    /** The key of what is left out, in the account of a file's rows. */
    public static final String REASON = "cannot be encoded";

    /** Turns a row into ids, to see whether it can be done. */
    @FunctionalInterface
    public interface Encoding<R> {
        /** @throws EncodingException when it cannot */
        void encode(R row, PromptEncoder encoder);
    }

    /** A format's rows, of which those that cannot be encoded are bad ones. */
    public static <R> RowFormat<R> of(RowFormat<R> format, ModelFiles model, Boundary boundary, Encoding<R> encoding) {
        return format.readBy(new EncodableRows<>(format.reader(), model, boundary, encoding));
    }

    @Override
    public Dataset<R> read(Path file, int maxRows, OnBadRow onBadRow) {
        Dataset<R> all = reader.read(file, maxRows, onBadRow);
        int[] good = new int[all.size()];
        int kept = 0;
        List<String> refused = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            TemplateEncoder encoder = TemplateEncoder.load(model, tokenizer, boundary);
            for (int i = 0; i < all.size(); i++) {
                try {
                    encoding.encode(all.rows().get(i), encoder);
                    good[kept++] = i;
                } catch (EncodingException reason) {
                    refused.add(refuse(all.places().get(i) + ": ", reason, onBadRow));
                }
            }
        }
        if (kept == 0) {
            throw DataException.in(
                    file, "nothing to learn from: none of " + all.size() + " rows can be encoded, " + refused.get(0));
        }
        return refused.isEmpty() ? all : all.select(Arrays.copyOf(good, kept), report(all.report(), refused));
    }

    private static String refuse(String place, EncodingException reason, OnBadRow onBadRow) {
        if (onBadRow == OnBadRow.SKIP) {
            return place + reason.getMessage();
        }
        String remedy = reason instanceof BoundaryException
                ? "; prompt_boundary=move starts the completion where they first differ, on_bad_row=skip skips such rows"
                : "";
        throw new DataException(place + reason.getMessage() + remedy, reason);
    }

    private static ReadReport report(ReadReport before, List<String> refused) {
        Map<String, Integer> dropped = new LinkedHashMap<>(before.dropped());
        dropped.put(REASON, refused.size());
        List<String> skipped = new ArrayList<>(before.skipped());
        skipped.addAll(refused);
        return new ReadReport(before.read(), before.kept() - refused.size(), dropped, skipped);
    }
}
