package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a card: JSON, readable by its owner only because it holds the card's private key. */
public final class StoredCard {
    private static final int MAX_FILE_BYTES = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredCard() {}

    /** Reads the file that {@link #write} made. */
    public static CardState read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("too big for the state of a card: " + file);
        }
        try {
            return JSON.readValue(file.toFile(), CardState.class);
        } catch (JsonProcessingException e) {
            // The cause would quote the content.
            throw new IOException("not the state of a card: " + file);
        }
    }

    /** Writes the state, whole or not at all. */
    public static void write(Path file, CardState state) throws IOException {
        Path temporary = file.toAbsolutePath().resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(state);
        Files.write(temporary, json, StandardOpenOption.WRITE);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
