package dev.octroi.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the keyring: one line per key, {@code index <base64>} or {@code kek <id> <base64>}, the latter with the moment
 * (ISO 8601, UTC) from which it seals where it was made by a rotation.
 */
final class KeyringFile {
    static final int KEY_BYTES = 32;
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final String HEADER = """
            # Octroi keyring, version 1. Whoever reads this file can read every stored identifier;
            # whoever loses it loses them. Keep a copy away from the database and its backups.
            """;

    /** What the file holds. */
    record Content(SecretKey indexKey, SortedMap<Integer, Kek> keks) {}

    /**
     * A key encryption key.
     *
     * @param sealsFrom all gateways have read it by then; {@link Instant#EPOCH}: it has always sealed
     */
    record Kek(SecretKey key, Instant sealsFrom) {}

    private KeyringFile() {}

    static Content read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                .containsAll(permissions)) {
            throw new IOException(file + " is open to others, set its mode to 0600");
        }
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + " is no keyring");
        }
        @Nullable SecretKey indexKey = null;
        SortedMap<Integer, Kek> keks = new TreeMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            String[] words = line.isBlank() || line.startsWith("#") ? new String[0] : line.split(" ", -1);
            if (words.length == 2 && words[0].equals("index")) {
                indexKey = key(file, words[1]);
            } else if (isKek(words)) {
                Instant sealsFrom = words.length == 3 ? Instant.EPOCH : moment(file, words[3]);
                keks.put(Integer.parseInt(words[1]), new Kek(key(file, words[2]), sealsFrom));
            } else if (words.length != 0) {
                throw new IOException(file + " has a line that is neither an index nor a kek line");
            }
        }
        if (indexKey == null || keks.isEmpty()) {
            throw new IOException(file + " is not complete");
        }
        return new Content(indexKey, keks);
    }

    private static boolean isKek(String[] words) {
        return (words.length == 3 || words.length == 4)
                && words[0].equals("kek")
                && words[1].matches("[1-9][0-9]{0,4}");
    }

    private static Instant moment(Path file, String word) throws IOException {
        try {
            return Instant.parse(word);
        } catch (DateTimeParseException e) {
            throw new IOException(file + " has a kek line whose moment is none", e);
        }
    }

    /** Makes the file unless another process was first; its content then wins. */
    static void createOnce(Path file, Content content) throws IOException {
        Path directory = directoryOf(file);
        Files.createDirectories(directory, OWNER_DIRECTORY);
        Path draft = WholeFile.draft(directory, bytes(content));
        try {
            // A hard link appears whole or not at all, and never replaces what is there.
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException otherWasFirst) {
            return;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    static void replace(Path file, Content content) throws IOException {
        WholeFile.replace(file, bytes(content));
    }

    private static byte[] bytes(Content content) {
        StringBuilder text = new StringBuilder(HEADER);
        text.append("index ").append(base64(content.indexKey())).append('\n');
        content.keks()
                .forEach((id, kek) -> text.append("kek ")
                        .append(id)
                        .append(' ')
                        .append(base64(kek.key()))
                        .append(kek.sealsFrom().equals(Instant.EPOCH) ? "" : " " + kek.sealsFrom())
                        .append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static SecretKey key(Path file, String base64) throws IOException {
        try {
            byte[] key = Base64.getDecoder().decode(base64);
            if (key.length == KEY_BYTES) {
                return new SecretKeySpec(key, "Generic");
            }
        } catch (IllegalArgumentException notBase64) {
            throw new IOException(file + " has a key that is not base64", notBase64);
        }
        throw new IOException(file + " has a key that is not " + KEY_BYTES + " bytes long");
    }

    private static String base64(SecretKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a keyring lies in a directory");
        }
        return parent;
    }
}
