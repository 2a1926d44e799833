package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.secret.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of a card: JSON, readable by its owner only because it holds the card's private key. */
public final class StoredCard {
    private static final int MAX_FILE_BYTES = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredCard() {}

    /**
     * Reads the file that {@link #write} made, today or with an older version.
     *
     * @throws IOException when it cannot be read or is not the file of a card, with a sentence for people
     */
    public static CardState read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("too big for the state of a card: " + file);
        }
        JsonNode json;
        try {
            json = JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            // The cause would quote the content.
            throw damaged(file);
        }
        if (!(json instanceof ObjectNode object)) {
            throw damaged(file);
        }
        int version = object.has("version") ? object.path("version").asInt(-1) : 1;
        if (version > CardState.VERSION) {
            throw new IOException("the card in %s was written by a newer Octroi (version %d, known up to %d)"
                    .formatted(file, version, CardState.VERSION));
        }
        try {
            return JSON.treeToValue(version == 1 ? fromFirstVersion(object) : object, CardState.class);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw damaged(file);
        }
    }

    private static IOException damaged(Path file) {
        return new IOException(
                "not the state of a card, or damaged: %s; restore it, or begin again with: ".formatted(file)
                        + "octroi euicc new --force --card " + file);
    }

    /** The first form had neither a version nor one-time keys, and of the facts three only. */
    private static ObjectNode fromFirstVersion(ObjectNode old) throws IOException {
        ObjectNode json = old.deepCopy();
        JsonNode facts = json.path("facts");
        if (!facts.isObject()) {
            throw new IllegalArgumentException("card without facts");
        }
        CardFacts migrated = new CardFacts(
                facts.path("specVersion").asText(),
                facts.path("memoryBytes").asInt(),
                facts.path("tac").asText());
        json.put("version", CardState.VERSION);
        json.set("facts", JSON.valueToTree(migrated));
        json.putArray("oneTimeKeys");
        return json;
    }

    /** Writes the state, whole or not at all, and waits until the disk has it. */
    public static void write(Path file, CardState state) throws IOException {
        WholeFile.replace(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(state));
    }
}
