package dev.octroi.usage.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * What tells that nobody has written to a file.
 *
 * @param sizeBytes its size
 * @param changedAt when it was written last, as it says itself
 */
record Seen(long sizeBytes, FileTime changedAt) {
    static Seen of(Path file) throws IOException {
        return new Seen(Files.size(file), Files.getLastModifiedTime(file));
    }
}
