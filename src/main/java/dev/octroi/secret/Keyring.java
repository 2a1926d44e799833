package dev.octroi.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
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
 * <p>Key encryption keys have ids: the highest one seals, every one still in the file opens. {@link #rotate} adds one,
 * {@link #destroy} removes one for good. The index key has no id: it does not rotate with the
 * others, because every keyed hash in the database would change.
 */
public final class Keyring {
    private static final String FILE_NAME = "master.keyring";
    private static final int MAX_KEY_ID = 0xFFFF;

    private final Path file;
    private final SecretKey indexKey;
    private volatile SortedMap<Integer, SecretKey> keks;

    private Keyring(Path file, SecretKey indexKey, SortedMap<Integer, SecretKey> keks) {
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
            SortedMap<Integer, SecretKey> first = new TreeMap<>();
            first.put(1, newKey(random));
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

    /** Adds a key encryption key that seals from now on, and saves the file; returns its id, 2 to 65535. */
    public synchronized int rotate(SecureRandom random) throws IOException {
        int id = keks.lastKey() + 1;
        if (id > MAX_KEY_ID) {
            throw new IllegalStateException("key ids are used up");
        }
        SortedMap<Integer, SecretKey> next = new TreeMap<>(keks);
        next.put(id, newKey(random));
        replace(next);
        return id;
    }

    /**
     * Removes an old key encryption key; whatever is still sealed under it is erased with that.
     *
     * @throws IllegalArgumentException for the key that seals now
     */
    public synchronized void destroy(int kekId) throws IOException {
        if (kekId == sealingKekId()) {
            throw new IllegalArgumentException("the sealing key cannot be destroyed, rotate first");
        }
        SortedMap<Integer, SecretKey> next = new TreeMap<>(keks);
        next.remove(kekId);
        replace(next);
    }

    /** The id of the key encryption key that seals, 1 to 65535. */
    public int sealingKekId() {
        return keks.lastKey();
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
        return keks.get(kekId);
    }

    /** The key of one blind index. */
    SecretKey indexKey(String scope) {
        return Derivation.derive(indexKey, "HmacSHA256", "index|" + scope);
    }

    private void replace(SortedMap<Integer, SecretKey> next) throws IOException {
        KeyringFile.replace(file, new KeyringFile.Content(indexKey, next));
        keks = next;
    }

    private static SecretKey newKey(SecureRandom random) {
        byte[] key = new byte[KeyringFile.KEY_BYTES];
        random.nextBytes(key);
        return new SecretKeySpec(key, "Generic");
    }
}
