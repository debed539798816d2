package ai.preceptor.parquet;

import ai.preceptor.data.source.RowException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Single values as JSON: integers, floats and decimals as numbers (a float as the double of the same value), NaN and infinities
 * as the texts "NaN", "Infinity" and "-Infinity", booleans as such, dates, times and timestamps as texts of ISO 8601, with a Z
 * where they are of UTC, and bytes as text, which they have to be.
 */
final class ValueJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final long JULIAN_EPOCH = 2_440_588;
    private static final long SECONDS_OF_DAY = 86_400;

    private ValueJson() {}

    /** @throws RowException for bytes that are no text, and for intervals */
    static void write(Group group, int field, int index, PrimitiveType type, JsonGenerator out)
            throws IOException, RowException {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> out.writeBoolean(group.getBoolean(field, index));
            case FLOAT -> out.writeNumber((double) group.getFloat(field, index));
            case DOUBLE -> out.writeNumber(group.getDouble(field, index));
            case INT32 -> integer(group.getInteger(field, index), 32, logical, out);
            case INT64 -> integer(group.getLong(field, index), 64, logical, out);
            case INT96 -> out.writeString(nanosOfJulianDay(group.getInt96(field, index)));
            case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes(group.getBinary(field, index), type, out);
        }
    }

    /** As text, for the key of a map. */
    static String text(Group group, int field, PrimitiveType type) throws IOException, RowException {
        if (isText(type)) {
            return text(group.getBinary(field, 0), type);
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            write(group, field, 0, type, out);
        }
        String json = text.toString(); // perhaps a date or NaN, in which nothing is escaped
        return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
    }

    private static boolean isText(PrimitiveType type) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case BINARY, FIXED_LEN_BYTE_ARRAY ->
                !(logical instanceof DecimalLogicalTypeAnnotation)
                        && !(logical instanceof UUIDLogicalTypeAnnotation)
                        && !(logical instanceof Float16LogicalTypeAnnotation);
            default -> false;
        };
    }

    private static void integer(long value, int bits, LogicalTypeAnnotation logical, JsonGenerator out)
            throws IOException {
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            out.writeNumber(plain(BigInteger.valueOf(value), decimal));
        } else if (logical instanceof DateLogicalTypeAnnotation) {
            out.writeString(LocalDate.ofEpochDay(value).toString());
        } else if (logical instanceof TimeLogicalTypeAnnotation time) {
            out.writeString(LocalTime.ofNanoOfDay(value * nanos(time.getUnit())).toString());
        } else if (logical instanceof TimestampLogicalTypeAnnotation stamp) {
            out.writeString(stamp(value, stamp));
        } else if (logical instanceof IntLogicalTypeAnnotation own && !own.isSigned()) {
            out.writeNumber(bits == 32 ? Long.toString(value & 0xffff_ffffL) : Long.toUnsignedString(value));
        } else {
            out.writeNumber(value);
        }
    }

    private static String plain(BigInteger unscaled, DecimalLogicalTypeAnnotation decimal) {
        return new BigDecimal(unscaled, decimal.getScale()).toPlainString();
    }

    private static long nanos(LogicalTypeAnnotation.TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> 1_000_000;
            case MICROS -> 1_000;
            case NANOS -> 1;
        };
    }

    private static String stamp(long value, TimestampLogicalTypeAnnotation stamp) {
        long perSecond = 1_000_000_000 / nanos(stamp.getUnit());
        Instant instant = Instant.ofEpochSecond(
                Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * nanos(stamp.getUnit()));
        return stamp.isAdjustedToUTC()
                ? instant.toString()
                : instant.atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
    }

    private static String nanosOfJulianDay(Binary bytes) {
        ByteBuffer parts = ByteBuffer.wrap(bytes.getBytes()).order(ByteOrder.LITTLE_ENDIAN);
        long nanos = parts.getLong();
        long day = parts.getInt() - JULIAN_EPOCH;
        return Instant.ofEpochSecond(day * SECONDS_OF_DAY, nanos)
                .atOffset(ZoneOffset.UTC)
                .toLocalDateTime()
                .toString();
    }

    private static void bytes(Binary value, PrimitiveType type, JsonGenerator out) throws IOException, RowException {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            out.writeNumber(plain(new BigInteger(value.getBytes()), decimal));
        } else if (logical instanceof UUIDLogicalTypeAnnotation) {
            ByteBuffer parts = ByteBuffer.wrap(value.getBytes());
            out.writeString(new UUID(parts.getLong(), parts.getLong()).toString());
        } else if (logical instanceof Float16LogicalTypeAnnotation) {
            out.writeNumber(half(ByteBuffer.wrap(value.getBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getShort()));
        } else {
            out.writeString(text(value, type));
        }
    }

    /** A number of IEEE 754's binary16. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double size;
        if (exponent == 0x1f) {
            size = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else {
            size = exponent == 0
                    ? Math.scalb((double) fraction, -24)
                    : Math.scalb((double) (fraction + 0x400), exponent - 25);
        }
        return bits < 0 ? -size : size;
    }

    private static String text(Binary value, PrimitiveType type) throws RowException {
        if (type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.IntervalLogicalTypeAnnotation) {
            throw RowException.key(type.getName(), "a value that JSON has", "an interval");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(value.toByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw RowException.key(type.getName(), "text in UTF-8", value.length() + " other bytes");
        }
    }
}
