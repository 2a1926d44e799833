package dev.octroi.db;

import dev.octroi.secret.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A line of text in a file of its owner's: there whole or not at all, also after a full disk or a power cut. */
final class KeptText {
    private KeptText() {}

    /** What the file holds; empty where there is none, or one that a former version left empty. */
    static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    static void write(Path file, String text) throws IOException {
        WholeFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
