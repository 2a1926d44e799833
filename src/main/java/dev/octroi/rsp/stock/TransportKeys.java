package dev.octroi.rsp.stock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/**
 * The transport keys that operators agreed with this installation. Each belongs to one tenant: whoever could name another's
 * key could have its values opened.
 */
public final class TransportKeys {
    private static final Pattern LINE = Pattern.compile(
            "(?<tenant>[0-9]{1,9})\\.(?<name>[a-z0-9-]{1,40})\\s*=\\s*(?<key>[0-9a-fA-F]{32}|[0-9a-fA-F]{48}|[0-9a-fA-F]{64})");
    private static final int MAX_KEYS = 1_000;

    private final Map<String, TransportKey> keys;

    private TransportKeys(Map<String, TransportKey> keys) {
        this.keys = Map.copyOf(keys);
    }

    /** No keys at all. */
    public static TransportKeys none() {
        return new TransportKeys(Map.of());
    }

    /**
     * Reads a file of lines {@code TENANT.NAME = HEX}: number of the tenant, a name of small letters, digits and dashes, and
     * an AES key; blank lines and lines with # are passed over.
     *
     * @throws IOException when it cannot be read, or a line has another form; the message names the line, not its content
     */
    public static TransportKeys read(Path file) throws IOException {
        Map<String, TransportKey> keys = new HashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line.strip());
            if (!matcher.matches() || keys.size() >= MAX_KEYS) {
                throw new IOException("line %d of the transport keys is no TENANT.NAME = HEX".formatted(number));
            }
            byte[] key = HexFormat.of().parseHex(matcher.group("key"));
            keys.put(
                    matcher.group("tenant") + "." + matcher.group("name"),
                    new TransportKey(new SecretKeySpec(key, "AES")));
        }
        return new TransportKeys(keys);
    }

    /** The tenant's key of a name. */
    public Optional<TransportKey> find(int tenantId, String name) {
        return Optional.ofNullable(keys.get(tenantId + "." + name));
    }
}
