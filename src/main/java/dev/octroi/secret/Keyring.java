package dev.octroi.secret;

import dev.octroi.secret.KeyringFile.Kek;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The master keys of one installation, read from a file that only its owner may read. The file lies in the data
 * directory, outside the database, so a stolen dump opens nothing. All gateways of an installation carry the same file.
 *
 * <p>Key encryption keys have ids: the highest one whose moment has come seals, every one still in the file opens.
 * {@link #rotate} adds one, which seals an hour later, when every gateway has read the file again; {@link #destroy} removes one for
 * good. The index key has no id: it does not rotate with the others, because every keyed hash in the database would change.
 */
public final class Keyring {
    private static final String FILE_NAME = "master.keyring";
    private static final int MAX_KEY_ID = 0xFFFF;

    /** Gateways read the file twice a minute; whoever carries it to other machines has this long. */
    static final Duration NOTICE = Duration.ofHours(1);

    /**
     * So long a key is kept after the next one has begun to seal. A gateway's clock, and that of whoever destroys, may each be five
     * minutes from the database's, and what was sealed before takes a moment until it is written.
     */
    static final Duration REST = Duration.ofMinutes(15);

    private final Path file;
    private final SecretKey indexKey;
    private volatile SortedMap<Integer, Kek> keks;

    private Keyring(Path file, SecretKey indexKey, SortedMap<Integer, Kek> keks) {
        this.file = file;
        this.indexKey = indexKey;
        this.keks = keks;
    }

    /**
     * Opens the keyring of a data directory; the first start makes it, mode 0600.
     *
     * @param dataDirectory the setting {@code data.dir}; the file is {@code keys/master.keyring} below it
     * @throws IOException when the file cannot be read or made, or when others than its owner may read it
     */
    public static Keyring open(Path dataDirectory, SecureRandom random) throws IOException {
        Path file = file(dataDirectory);
        if (Files.notExists(file)) {
            SortedMap<Integer, Kek> first = new TreeMap<>();
            first.put(1, new Kek(newKey(random), Instant.EPOCH));
            KeyringFile.createOnce(file, new KeyringFile.Content(newKey(random), first));
        }
        KeyringFile.Content content = KeyringFile.read(file);
        return new Keyring(file, content.indexKey(), content.keks());
    }

    /** Whether a data directory has a keyring already. */
    public static boolean exists(Path dataDirectory) {
        return Files.exists(file(dataDirectory));
    }

    private static Path file(Path dataDirectory) {
        return Objects.requireNonNull(dataDirectory, "dataDirectory")
                .resolve("keys")
                .resolve(FILE_NAME);
    }

    /**
     * Reads the file again, for keys that another process has added or removed.
     *
     * @throws IOException when it cannot be read or is of another installation; the keys stay what they were
     */
    public synchronized void reload() throws IOException {
        KeyringFile.Content content = KeyringFile.read(file);
        if (!MessageDigest.isEqual(content.indexKey().getEncoded(), indexKey.getEncoded())) {
            throw new IOException(file + " is the keyring of another installation");
        }
        keks = content.keks();
    }

    /**
     * Adds a key encryption key that seals from an hour after {@code now}, and saves the file; returns its id, 2 to 65535.
     *
     * @throws IllegalStateException when the last one added does not seal yet
     */
    public synchronized int rotate(SecureRandom random, Instant now) throws IOException {
        reload();
        int last = keks.lastKey();
        if (last >= MAX_KEY_ID) {
            throw new IllegalStateException("key ids are used up");
        }
        if (sealingKekId(now) != last) {
            throw new IllegalStateException("key " + last + " was added and does not seal yet");
        }
        SortedMap<Integer, Kek> next = new TreeMap<>(keks);
        next.put(last + 1, new Kek(newKey(random), now.plus(NOTICE).truncatedTo(ChronoUnit.SECONDS)));
        replace(next);
        return last + 1;
    }

    /**
     * Removes an old key encryption key that nothing is sealed under any more.
     *
     * @throws IllegalArgumentException for the key that seals now or will, and for one that is not there
     * @throws IllegalStateException when the next key seals since less than a quarter of an hour: a gateway whose clock is behind
     *     may still seal under this one
     */
    public synchronized void destroy(int kekId, Instant now) throws IOException {
        reload();
        Instant rests = keks.tailMap(kekId + 1).values().stream()
                .findFirst()
                .map(next -> next.sealsFrom().plus(REST))
                .orElse(now);
        if (keks.containsKey(kekId) && kekId < sealingKekId(now) && now.isBefore(rests)) {
            throw new IllegalStateException("key " + kekId
                    + " is not destroyed: a gateway whose clock is behind may still seal under it, until " + rests);
        }
        erase(kekId, now);
    }

    /**
     * Removes an old key encryption key; whatever is still sealed under it is erased with that.
     *
     * @throws IllegalArgumentException for the key that seals now or will, and for one that is not there
     */
    public synchronized void erase(int kekId, Instant now) throws IOException {
        reload();
        if (kekId >= sealingKekId(now)) {
            throw new IllegalArgumentException("key " + kekId + " seals now or will: rotate first");
        }
        SortedMap<Integer, Kek> next = new TreeMap<>(keks);
        if (next.remove(kekId) == null) {
            throw new IllegalArgumentException("there is no key " + kekId);
        }
        replace(next);
    }

    /** The id of the key encryption key that seals at a moment, 1 to 65535. */
    public int sealingKekId(Instant now) {
        SortedMap<Integer, Kek> all = keks;
        int sealing = all.firstKey();
        for (Map.Entry<Integer, Kek> each : all.entrySet()) {
            if (!each.getValue().sealsFrom().isAfter(now)) {
                sealing = each.getKey();
            }
        }
        return sealing;
    }

    /** The ids of the key encryption keys and from when on each seals, in the order of ids. */
    public SortedMap<Integer, Instant> kekIds() {
        SortedMap<Integer, Instant> ids = new TreeMap<>();
        keks.forEach((id, kek) -> ids.put(id, kek.sealsFrom()));
        return ids;
    }

    /**
     * A key for one purpose that is not sealing, such as the MAC of a page cursor; stable for the life of the
     * installation.
     *
     * @param purpose a constant of the caller, for instance {@code "page cursor"}
     */
    public SecretKey derive(String purpose) {
        return Derivation.derive(indexKey, "HmacSHA256", "purpose|" + purpose);
    }

    /** By which a database knows the keys that it was sealed with, 32 bytes, and from which none of them can be had. */
    public byte[] check() {
        return HmacSha256.of(derive("installation check"), "octroi installation".getBytes(StandardCharsets.US_ASCII));
    }

    /** One key encryption key, absent when it was destroyed. */
    @Nullable
    SecretKey kek(int kekId) {
        Kek kek = keks.get(kekId);
        return kek == null ? null : kek.key();
    }

    /** The key of one blind index. */
    SecretKey indexKey(String scope) {
        return Derivation.derive(indexKey, "HmacSHA256", "index|" + scope);
    }

    private void replace(SortedMap<Integer, Kek> next) throws IOException {
        KeyringFile.replace(file, new KeyringFile.Content(indexKey, next));
        keks = next;
    }

    private static SecretKey newKey(SecureRandom random) {
        byte[] key = new byte[KeyringFile.KEY_BYTES];
        random.nextBytes(key);
        return new SecretKeySpec(key, "Generic");
    }
}
