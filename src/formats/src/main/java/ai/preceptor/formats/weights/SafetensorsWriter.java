package ai.preceptor.formats.weights;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            metadata.forEach(header.putObject("__metadata__")::put);
        }
        long offset = 0;
        for (Map.Entry<String, TensorData> entry : tensors) {
            TensorData tensor = entry.getValue();
            ObjectNode written =
                    header.putObject(entry.getKey()).put("dtype", tensor.dtype().name());
            Arrays.stream(tensor.shape()).forEach(written.putArray("shape")::add);
            written.putArray("data_offsets").add(offset).add(offset + tensor.bytes());
            offset += tensor.bytes();
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        if (padded.length > SafetensorsHeader.MAX_LENGTH) {
            throw new IOException("the header would have " + padded.length + " bytes, the format's limit is "
                    + SafetensorsHeader.MAX_LENGTH);
        }
        byte[] length = new byte[8];
        ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length);
        out.write(length);
        out.write(padded);
    }
}
