package ai.preceptor.formats.weights;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files byte for byte as Hugging Face's library does: widest types first, then by name, with a header
 * padded by spaces so that every tensor is aligned.
 */
public final class SafetensorsWriter {
    /** The metadata without which older versions of transformers refuse a file. */
    public static final Map<String, String> PYTORCH = Map.of("format", "pt");

    private SafetensorsWriter() {}

    /**
     * Writes a file to a temporary name and renames it.
     *
     * @param file the file to create or replace
     * @param tensors by name; the file's order is its own
     * @param metadata free-form strings, written in the map's order; may be empty
     * @throws OutputException when the file cannot be written
     * @throws IllegalArgumentException when a tensor's values do not fill its shape, or its name is reserved
     */
    public static void write(Path file, Map<String, TensorData> tensors, Map<String, String> metadata) {
        if (tensors.containsKey("__metadata__")) {
            throw new IllegalArgumentException("tensor \"__metadata__\": the format keeps this name for itself");
        }
        List<Map.Entry<String, TensorData>> ordered = tensors.entrySet().stream()
                .sorted(Map.Entry.<String, TensorData>comparingByValue(
                                Comparator.comparing(TensorData::dtype).reversed())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        AtomicFiles.write(file, out -> {
            writeHeader(ordered, metadata, out);
            for (Map.Entry<String, TensorData> tensor : ordered) {
                tensor.getValue().writeTo(tensor.getKey(), out);
            }
        });
    }

    private static void writeHeader(
            List<Map.Entry<String, TensorData>> tensors, Map<String, String> metadata, OutputStream out)
            throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
            generator.writeStartObject();
            if (!metadata.isEmpty()) {
                generator.writeObjectFieldStart("__metadata__");
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    generator.writeStringField(entry.getKey(), entry.getValue());
                }
                generator.writeEndObject();
            }
            long offset = 0;
            for (Map.Entry<String, TensorData> entry : tensors) {
                TensorData tensor = entry.getValue();
                long[] shape = tensor.shape();
                generator.writeObjectFieldStart(entry.getKey());
                generator.writeStringField("dtype", tensor.dtype().name());
                generator.writeFieldName("shape");
                generator.writeArray(shape, 0, shape.length);
                generator.writeFieldName("data_offsets");
                generator.writeArray(new long[] {offset, offset + tensor.bytes()}, 0, 2);
                generator.writeEndObject();
                offset += tensor.bytes();
            }
            generator.writeEndObject();
        }
        while (json.size() % 8 != 0) {
            json.write(' ');
        }
        if (json.size() > SafetensorsHeader.MAX_LENGTH) {
            throw new IOException("the header would have " + json.size() + " bytes, the format's limit is "
                    + SafetensorsHeader.MAX_LENGTH);
        }
        byte[] length = new byte[8];
        ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.size());
        out.write(length);
        json.writeTo(out);
    }
}
