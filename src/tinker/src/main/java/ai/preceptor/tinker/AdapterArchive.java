package ai.preceptor.tinker;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.TensorInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The archive of an adapter that a service gives: {@code adapter_model.safetensors} and {@code adapter_config.json}. Other members
 * are passed over; SkyRL's has one named {@code /} and no {@code target_modules}.
 *
 * @param file a tar compressed by gzip
 * @param largest most bytes of the weights
 */
record AdapterArchive(Path file, long largest) {
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final int LARGEST_CONFIG = 1 << 20;
    private static final int PORTION = 1 << 20;
    private static final String PREFIX = "base_model.model.";
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Writes the weights as they are, and a configuration that names the modules they are of.
     *
     * @param directory exists
     * @param base where the base model's files are
     * @param rank that the adapter must have
     * @return bytes of the weights
     * @throws IOException if the archive is not what it should be
     */
    long unpack(Path directory, Path base, int rank) throws IOException {
        JsonNode config = members(directory);
        if (!"LORA".equals(config.path("peft_type").asText())
                || config.path("r").asInt() != rank
                || config.path("lora_alpha").asDouble() != RemoteModel.ALPHA) {
            throw new IOException(AdapterConfig.FILE + ": expected peft_type LORA, r " + rank + ", lora_alpha "
                    + RemoteModel.ALPHA + ", found " + config.path("peft_type") + ", " + config.path("r") + ", "
                    + config.path("lora_alpha"));
        }
        if (config.path("use_rslora").asBoolean() || config.path("use_dora").asBoolean()) {
            throw new IOException(AdapterConfig.FILE + ": expected plain LoRA, found use_rslora or use_dora");
        }
        Path weights = directory.resolve(WEIGHTS);
        List<String> modules = List.copyOf(modules(weights, rank));
        LoraConfig lora = LoraConfig.of(rank, RemoteModel.ALPHA).withTargets(new TargetModules.Named(modules));
        AdapterConfig.create(lora, false, base).write(directory);
        return Files.size(weights);
    }

    /** Writes the weights; returns the configuration. */
    private JsonNode members(Path directory) throws IOException {
        JsonNode config = null;
        boolean hasWeights = false;
        try (InputStream packed = Files.newInputStream(file);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName().replaceFirst("^(\\./)+", "");
                if (!entry.isFile() || entry.isSymbolicLink() || entry.isLink()) {
                    continue;
                }
                if (name.equals(WEIGHTS) && !hasWeights) {
                    requireSize(name, entry.getSize(), largest);
                    hasWeights = true;
                    try (OutputStream out = Files.newOutputStream(directory.resolve(WEIGHTS))) {
                        tar.transferTo(out);
                    }
                } else if (name.equals(AdapterConfig.FILE) && config == null) {
                    requireSize(name, entry.getSize(), LARGEST_CONFIG);
                    config = JSON.readTree(tar.readNBytes(LARGEST_CONFIG));
                }
            }
        }
        if (config == null || !hasWeights) {
            throw new IOException("an archive without " + (hasWeights ? AdapterConfig.FILE : WEIGHTS));
        }
        return config;
    }

    private static void requireSize(String name, long bytes, long most) throws IOException {
        if (bytes < 0 || bytes > most) {
            throw new IOException(name + ": expected at most " + most + " bytes, found " + bytes);
        }
    }

    /** Last names of the modules, after all tensors were checked. */
    private static SortedSet<String> modules(Path weights, int rank) throws IOException {
        SortedSet<String> modules = new TreeSet<>();
        try (SafetensorsFile tensors = SafetensorsFile.open(weights)) {
            for (String name : tensors.names()) {
                String suffix = name.endsWith(A) ? A : B;
                String module = name.substring(0, Math.max(0, name.length() - suffix.length()));
                if (!name.startsWith(PREFIX) || !name.endsWith(suffix) || module.length() <= PREFIX.length()) {
                    throw new IOException(WEIGHTS + ": expected tensors of PEFT's LoRA, found " + name);
                }
                if (!tensors.names().contains(module + (suffix.equals(A) ? B : A))) {
                    throw new IOException(WEIGHTS + ": " + name + " without its other matrix");
                }
                check(tensors, name, suffix.equals(A) ? 0 : 1, rank);
                modules.add(module.substring(module.lastIndexOf('.') + 1));
            }
        } catch (DataException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (modules.isEmpty()) {
            throw new IOException(WEIGHTS + ": no tensors");
        }
        return modules;
    }

    /** @param axis of the rank in its shape */
    private static void check(SafetensorsFile tensors, String name, int axis, int rank) throws IOException {
        TensorInfo info = tensors.info(name);
        if (info.dimensions().size() != 2 || info.dimensions().get(axis) != rank) {
            throw new IOException(WEIGHTS + ": " + name + ": expected a matrix of rank " + rank + ", found shape "
                    + info.dimensions());
        }
        if (info.dtype() != DType.F32 && info.dtype() != DType.BF16 && info.dtype() != DType.F16) {
            throw new IOException(
                    WEIGHTS + ": " + name + ": expected float32, bfloat16 or float16, found " + info.dtype());
        }
        ByteBuffer part = ByteBuffer.allocate(PORTION).order(ByteOrder.LITTLE_ENDIAN);
        for (long from = 0; from < info.bytes(); from += PORTION) {
            part.clear().limit((int) Math.min(PORTION, info.bytes() - from));
            tensors.read(name, from, part);
            part.flip();
            if (!isFinite(part, info.dtype())) {
                throw new IOException(WEIGHTS + ": " + name + ": expected finite numbers");
            }
        }
    }

    /** A number is finite unless all bits of its exponent are set. */
    private static boolean isFinite(ByteBuffer numbers, DType type) {
        int exponent = type == DType.F16 ? 0x7c00 : 0x7f80;
        int step = type.size();
        for (int at = step - 2; at < numbers.limit(); at += step) { // its upper 16 bits
            if ((numbers.getShort(at) & exponent) == exponent) {
                return false;
            }
        }
        return true;
    }
}
