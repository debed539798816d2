package ai.preceptor.parquet;

import io.airlift.compress.Compressor;
import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Unpacks pages in Java, and packs them with snappy. A page may not be larger than 256 MiB, nor than it says. */
final class PageCodecs implements CompressionCodecFactory {
    /** What can be read. */
    static final Set<CompressionCodecName> READ = EnumSet.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW);

    private static final int LARGEST_PAGE = 1 << 28;

    /** Says in words why a page cannot be unpacked. */
    static final class UnreadableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableException(String reason) {
            super(reason);
        }
    }

    /** Unpacks bytes into all of {@code page}. */
    @FunctionalInterface
    private interface Unpacking {
        void unpack(byte[] packed, byte[] page) throws IOException;
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Unpacker(
                codec,
                switch (codec) {
                    case UNCOMPRESSED -> PageCodecs::copy;
                    case SNAPPY -> by(new SnappyDecompressor());
                    case ZSTD -> by(new ZstdDecompressor());
                    case LZ4_RAW -> by(new Lz4Decompressor());
                    case GZIP -> PageCodecs::gunzip;
                    case LZO, BROTLI, LZ4 -> throw new IllegalArgumentException("a codec that is not read: " + codec);
                });
    }

    private static Unpacking by(Decompressor decompressor) {
        return (packed, page) -> {
            int length = decompressor.decompress(packed, 0, packed.length, page, 0, page.length);
            requireWhole(length, page);
        };
    }

    private static void copy(byte[] packed, byte[] page) throws UnreadableException {
        requireWhole(packed.length, page);
        System.arraycopy(packed, 0, page, 0, page.length);
    }

    private static void gunzip(byte[] packed, byte[] page) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            int length = in.readNBytes(page, 0, page.length);
            requireWhole(in.read() < 0 ? length : length + 1, page);
        }
    }

    private static void requireWhole(int length, byte[] page) throws UnreadableException {
        if (length != page.length) {
            throw new UnreadableException(
                    "damaged: a page unpacks to " + (length > page.length ? "more than the " : length + " of the ")
                            + page.length + " bytes it claims");
        }
    }

    private static byte[] array(BytesInput bytes) throws IOException {
        return bytes.toInputStream().readAllBytes();
    }

    private record Unpacker(CompressionCodecName codec, Unpacking unpacking) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            if (size < 0 || size > LARGEST_PAGE) {
                throw new UnreadableException(
                        "expected pages of at most " + LARGEST_PAGE + " bytes, found one that claims " + size);
            }
            byte[] page = new byte[size];
            try {
                unpacking.unpack(array(bytes), page);
            } catch (RuntimeException e) {
                UnreadableException told = new UnreadableException("damaged: a page cannot be unpacked with " + codec);
                told.addSuppressed(e);
                throw told;
            }
            return BytesInput.from(page);
        }

        @Override
        public void decompress(ByteBuffer packed, int packedSize, ByteBuffer page, int size) throws IOException {
            byte[] bytes = new byte[packedSize];
            packed.get(bytes);
            page.put(array(decompress(BytesInput.from(bytes), size)));
        }

        @Override
        public void release() {}
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        if (codec != CompressionCodecName.SNAPPY) {
            throw new IllegalArgumentException("a codec that is not written: " + codec);
        }
        return new Packer(new SnappyCompressor());
    }

    private record Packer(Compressor compressor) implements BytesInputCompressor {
        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            byte[] bytes = array(page);
            byte[] packed = new byte[compressor.maxCompressedLength(bytes.length)];
            int length = compressor.compress(bytes, 0, bytes.length, packed, 0, packed.length);
            return BytesInput.from(Arrays.copyOf(packed, length));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.SNAPPY;
        }

        @Override
        public void release() {}
    }

    @Override
    public void release() {}
}
