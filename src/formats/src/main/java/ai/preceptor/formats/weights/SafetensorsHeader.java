package ai.preceptor.formats.weights;

import ai.preceptor.data.DataException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON that opens a safetensors file, parsed and checked against the file's real size by the format's rules: known
 * element types, sizes that fit the shapes, and tensors that fill the rest of the file with no hole and no overlap.
 *
 * @param tensors by name
 * @param metadata the free-form {@code __metadata__}, empty when there is none
 */
record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata) {
    static final int MAX_LENGTH = 100_000_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Parses a header.
     *
     * @param path the file, for messages
     * @param json the header's bytes
     * @param dataBytes how many bytes of the file follow the header
     * @throws DataException naming file and tensor when anything breaks the format
     */
    static SafetensorsHeader parse(Path path, byte[] json, long dataBytes) {
        if (json.length < 2 || json[0] != '{') {
            throw DataException.in(path, "not a safetensors file: its header does not open with {");
        }
        Reader text = new InputStreamReader(
                new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder()); // refuses what is not UTF-8
        try (JsonParser parser = JSON.createParser(text)) {
            return new Reading(path, parser, 8L + json.length).header(dataBytes);
        } catch (JsonProcessingException malformed) {
            throw new DataException(
                    path + ": its header is not what JSON allows there: " + malformed.getOriginalMessage()
                            + place(malformed),
                    malformed);
        } catch (CharacterCodingException notUtf8) {
            throw new DataException(path + ": its header is not UTF-8 text", notUtf8);
        } catch (IOException failure) {
            throw new DataException(path + ": its header cannot be read: " + failure.getMessage(), failure);
        }
    }

    private static String place(JsonProcessingException malformed) {
        return malformed.getLocation() == null
                ? ""
                : ", at character " + malformed.getLocation().getCharOffset();
    }

    /** One pass over the header's tokens. */
    private record Reading(Path path, JsonParser parser, long dataStart) {
        SafetensorsHeader header(long dataBytes) throws IOException {
            Map<String, TensorInfo> tensors = new TreeMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("__metadata__")) {
                    readMetadata(metadata);
                } else {
                    tensors.put(name, tensor(name));
                }
            }
            if (parser.nextToken() != null) {
                throw DataException.in(path, "something follows the header's object: " + parser.currentToken());
            }
            checkLayout(tensors, dataBytes);
            return new SafetensorsHeader(Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata));
        }

        private void readMetadata(Map<String, String> metadata) throws IOException {
            expect(JsonToken.START_OBJECT, "__metadata__", "an object of strings");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                parser.nextToken();
                expect(JsonToken.VALUE_STRING, "__metadata__", "a string for \"" + key + "\"");
                metadata.put(key, parser.getText());
            }
        }

        private TensorInfo tensor(String name) throws IOException {
            expect(JsonToken.START_OBJECT, name, "an object with dtype, shape and data_offsets");
            DType dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "dtype" -> dtype = dtype(name);
                    case "shape" -> shape = longs(name, field);
                    case "data_offsets" -> offsets = longs(name, field);
                    default -> parser.skipChildren();
                }
            }
            return checked(name, dtype, shape, offsets);
        }

        private DType dtype(String name) throws IOException {
            expect(JsonToken.VALUE_STRING, name, "a string for dtype");
            String found = parser.getText();
            return DType.named(found)
                    .orElseThrow(() -> broken(name, "dtype: expected one of " + DType.names() + ", found " + found));
        }

        private List<Long> longs(String name, String field) throws IOException {
            expect(JsonToken.START_ARRAY, name, "a list of whole numbers for " + field);
            List<Long> values = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(JsonToken.VALUE_NUMBER_INT, name, "whole numbers in " + field);
                long value = parser.getLongValue();
                if (value < 0) {
                    throw broken(name, field + ": expected numbers from 0 on, found " + value);
                }
                values.add(value);
            }
            return values;
        }

        private TensorInfo checked(
                String name, @Nullable DType dtype, @Nullable List<Long> shape, @Nullable List<Long> offsets) {
            if (dtype == null || shape == null || offsets == null) {
                String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
                throw broken(name, missing + " is missing");
            }
            if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
                throw broken(name, "data_offsets: expected [begin, end] with begin <= end, found " + offsets);
            }
            long bytes = offsets.get(1) - offsets.get(0);
            long needed;
            try {
                needed = shape.stream().reduce((long) dtype.size(), Math::multiplyExact);
            } catch (ArithmeticException overflow) {
                String what = "shape " + shape + " of " + dtype + " is larger than any file";
                throw new DataException(path + ": tensor \"" + name + "\": " + what, overflow);
            }
            if (needed != bytes) {
                throw broken(
                        name,
                        "shape " + shape + " of " + dtype + " takes " + needed + " bytes, data_offsets " + offsets
                                + " give it " + bytes);
            }
            return new TensorInfo(name, dtype, shape, offsets.get(0), bytes);
        }

        /** Tensors in the order of their bytes must touch, and the last must end where the file does. */
        private void checkLayout(Map<String, TensorInfo> tensors, long dataBytes) {
            List<TensorInfo> ordered = new ArrayList<>(tensors.values());
            ordered.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::bytes));
            long end = 0;
            for (TensorInfo tensor : ordered) {
                if (tensor.offset() != end) {
                    String what = tensor.offset() < end ? "overlaps the tensor before it" : "leaves a hole before it";
                    throw broken(
                            tensor.name(),
                            what + ": it begins at byte " + tensor.offset() + " of the data, expected " + end);
                }
                end += tensor.bytes();
                if (end > dataBytes) {
                    throw broken(
                            tensor.name(),
                            "ends at byte " + end + " of the data, but the file has only " + dataBytes
                                    + ": it is truncated");
                }
            }
            if (end != dataBytes) {
                throw DataException.in(path, (dataBytes - end) + " bytes follow the last tensor, expected none");
            }
            tensors.replaceAll((name, tensor) -> new TensorInfo(
                    name, tensor.dtype(), tensor.dimensions(), dataStart + tensor.offset(), tensor.bytes()));
        }

        private void expect(JsonToken kind, String name, String what) {
            if (parser.currentToken() != kind) {
                throw broken(name, "expected " + what + ", found " + parser.currentToken());
            }
        }

        private DataException broken(String name, String what) {
            return DataException.in(path, "tensor \"" + name + "\": " + what);
        }
    }
}
