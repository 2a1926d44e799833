package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.WholeFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The keys that sign tokens, in {@code keys/jwt/} of the data directory, one file each, readable by its owner only. The
 * newest key whose moment has come signs. A rotation publishes the next key a day before it signs, and a retired key stays
 * published until no token of it can be alive. Several gateways of one installation carry the same folder. A key that has leaked
 * leaves a mark, {@code ID.revoked}, which is carried like a key and ends it where its own file is still there.
 */
public final class SigningKeys {
    private static final Duration NOTICE = Duration.ofHours(24);
    private static final Duration RETIREMENT = TokenRules.MAX_LIFE.plus(TokenRules.SKEW.multipliedBy(2));
    private static final int MAX_KEYS = 16;

    private final Path folder;
    private final InstantSource clock;
    private final SecureRandom random;
    private volatile List<SigningKey> keys = List.of();

    private SigningKeys(Path folder, InstantSource clock, SecureRandom random) {
        this.folder = folder;
        this.clock = clock;
        this.random = random;
    }

    /** Opens the keys of a data directory; the first time makes one that signs at once. */
    public static SigningKeys open(Path dataDirectory, InstantSource clock, SecureRandom random)
            throws IOException, GeneralSecurityException {
        Path folder = Files.createDirectories(
                requireNonNull(dataDirectory, "dataDirectory is null")
                        .resolve("keys")
                        .resolve("jwt"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        SigningKeys keys = new SigningKeys(folder, clock, random);
        keys.reload();
        if (keys.keys.isEmpty()) {
            keys.add(clock.instant());
        }
        return keys;
    }

    /** Makes the next key, which signs in 24 hours, and removes the files of keys that are long retired. */
    public synchronized void rotate() throws IOException, GeneralSecurityException {
        reload();
        List<SigningKey> published = published();
        for (SigningKey key : keys) {
            if (!published.contains(key)) {
                Files.deleteIfExists(file(key));
            }
        }
        add(clock.instant().plus(NOTICE));
    }

    /**
     * Makes a key that signs at once and removes and marks all others, for when one has leaked: tokens of before are refused as soon
     * as each gateway has read the folder again, or a copy of it.
     */
    public synchronized void replaceAll() throws IOException, GeneralSecurityException {
        reload();
        List<SigningKey> before = keys;
        add(clock.instant());
        for (SigningKey key : before) {
            revoke(key);
        }
        reload();
    }

    private void revoke(SigningKey key) throws IOException {
        Path mark = mark(file(key));
        if (Files.notExists(mark)) {
            Files.createFile(mark, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.deleteIfExists(file(key));
    }

    /** The keys, published or not yet gone, by their ids with the moments from which they sign. */
    public Map<String, Instant> activeFrom() {
        Map<String, Instant> all = new LinkedHashMap<>();
        keys.forEach(key -> all.put(key.id(), key.activeFrom()));
        return all;
    }

    /** Reads the folder again, for keys that another process has made. */
    public synchronized void reload() throws IOException, GeneralSecurityException {
        List<SigningKey> read = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            // Named by their ids: what has ended takes no room from what has not.
            for (Path file : files.filter(path -> path.toString().endsWith(".jwk") && Files.notExists(mark(path)))
                    .limit(MAX_KEYS)
                    .toList()) {
                SigningKey key = SigningKey.parse(new JsonObject(Files.readString(file, StandardCharsets.UTF_8)));
                if (Files.notExists(mark(file(key)))) {
                    read.add(key);
                }
            }
        }
        read.sort(Comparator.comparing(SigningKey::activeFrom));
        // A folder that is copied anew is empty for a moment: the keys of before are better than none.
        if (!read.isEmpty()) {
            keys = List.copyOf(read);
        }
    }

    /** The published keys as a JWK set (RFC 7517 §5): next, active, retired. */
    public JsonObject jwks() {
        JsonArray list = new JsonArray();
        published().forEach(key -> list.add(key.publicJwk()));
        return new JsonObject().put("keys", list);
    }

    /** The key that signs now. */
    SigningKey active() {
        Instant now = clock.instant();
        SigningKey active = null;
        for (SigningKey key : keys) {
            if (active == null || !key.activeFrom().isAfter(now)) {
                active = key;
            }
        }
        return requireNonNull(active, "no signing key");
    }

    /** Keys whose tokens may be alive now or soon. */
    List<SigningKey> published() {
        Instant now = clock.instant();
        List<SigningKey> all = keys;
        List<SigningKey> published = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            boolean retired = i + 1 < all.size()
                    && now.isAfter(all.get(i + 1).activeFrom().plus(RETIREMENT));
            if (!retired) {
                published.add(all.get(i));
            }
        }
        return published;
    }

    private void add(Instant activeFrom) throws IOException, GeneralSecurityException {
        SigningKey key = SigningKey.generate(random, activeFrom);
        WholeFile.replace(file(key), key.toPrivateJson().encode().getBytes(StandardCharsets.UTF_8));
        reload();
    }

    private Path file(SigningKey key) {
        return folder.resolve(key.id() + ".jwk");
    }

    private Path mark(Path file) {
        return folder.resolve(String.valueOf(file.getFileName()).replace(".jwk", ".revoked"));
    }
}
