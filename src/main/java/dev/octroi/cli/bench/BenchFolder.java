package dev.octroi.cli.bench;

import dev.octroi.cli.EndsWithUs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder for the data of a bench; deleted when the bench ends, also when it is stopped. */
record BenchFolder(Path path) implements AutoCloseable {
    static BenchFolder create() throws IOException {
        BenchFolder folder = new BenchFolder(Files.createTempDirectory("octroi-bench"));
        EndsWithUs.add(folder);
        return folder;
    }

    @Override
    public void close() throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.walk(path)) {
            found = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : found) {
            Files.deleteIfExists(file);
        }
        EndsWithUs.remove(this);
    }
}
