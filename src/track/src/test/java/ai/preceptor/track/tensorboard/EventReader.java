package ai.preceptor.track.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads event files as TensorBoard does: in the order of their names, a session's start drops later steps of earlier files. */
final class EventReader {
    private EventReader() {}

    /** The events of one file; checksums are compared. */
    static List<Map<Integer, List<Object>>> events(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Map<Integer, List<Object>>> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            require(bytes.getInt() == RecordFile.checksum(length), "checksum of a length");
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            bytes.get(data);
            require(bytes.getInt() == RecordFile.checksum(data), "checksum of a record");
            events.add(message(data));
        }
        return events;
    }

    /** Values by {@code STEP NAME}. */
    static Map<String, List<Double>> scalars(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.sorted().toList();
        }
        Map<String, List<Double>> scalars = new TreeMap<>();
        for (Path file : files) {
            for (Map<Integer, List<Object>> event : events(file)) {
                long step = event.containsKey(2) ? (Long) event.get(2).get(0) : 0;
                if (event.containsKey(7)) {
                    scalars.keySet().removeIf(key -> Long.parseLong(key.split(" ", 2)[0]) >= step);
                }
                if (event.containsKey(5)) {
                    add(scalars, step, message((byte[]) event.get(5).get(0)));
                }
            }
        }
        return scalars;
    }

    private static void add(Map<String, List<Double>> scalars, long step, Map<Integer, List<Object>> summary) {
        for (Object one : summary.getOrDefault(1, List.of())) {
            Map<Integer, List<Object>> value = message((byte[]) one);
            if (value.containsKey(2)) {
                scalars.computeIfAbsent(step + " " + text(value, 1), key -> new ArrayList<>())
                        .add((double) (Float) value.get(2).get(0));
            }
        }
    }

    static String text(Map<Integer, List<Object>> message, int field) {
        return new String((byte[]) message.get(field).get(0), StandardCharsets.UTF_8);
    }

    static Map<Integer, List<Object>> message(byte[] data) {
        ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, List<Object>> fields = new LinkedHashMap<>();
        while (bytes.hasRemaining()) {
            long tag = varint(bytes);
            Object value = switch ((int) (tag & 7)) {
                case 0 -> varint(bytes);
                case 1 -> bytes.getDouble();
                case 2 -> {
                    byte[] part = new byte[(int) varint(bytes)];
                    bytes.get(part);
                    yield part;
                }
                case 5 -> bytes.getFloat();
                default -> throw new IllegalArgumentException("wire type of tag " + tag);
            };
            fields.computeIfAbsent((int) (tag >> 3), key -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
