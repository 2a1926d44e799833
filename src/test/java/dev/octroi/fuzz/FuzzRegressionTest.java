package dev.octroi.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The short form of the fuzzers: genuine inputs, inputs that once broke a decoder, and some thousand spoilt ones. */
final class FuzzRegressionTest {
    private static final Path CORPUS = Path.of("src/test/resources/fuzz");
    /** Far beyond what is needed, so that only a hang reaches it. */
    private static final Duration HANGS = Duration.ofMinutes(3);

    static List<String> targets() {
        return FuzzTargets.names();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void anyInputGivesAValueOrTheDeclaredFailure(String name) throws Exception {
        FuzzTarget target = FuzzTargets.create(name);
        List<byte[]> known = new ArrayList<>(target.seeds());
        assertThat(known).as("seeds of %s", name).isNotEmpty();
        known.addAll(corpus(name));
        long seed = new SecureRandom().nextLong();
        assertTimeoutPreemptively(HANGS, () -> {
            for (byte[] input : known) {
                feed(target, input, seed);
            }
            feed(target, new byte[0], seed);
            Mutations mutations = new Mutations(seed, known);
            for (int i = 0; i < target.mutations(); i++) {
                feed(target, mutations.next(), seed);
            }
        });
    }

    private static void feed(FuzzTarget target, byte[] input, long seed) {
        try {
            target.feed(input);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(
                    "seed %d, input %s".formatted(seed, HexFormat.of().formatHex(input)), e);
        }
    }

    /** One file for each input that was once an escape. */
    private static List<byte[]> corpus(String name) throws IOException {
        Path folder = CORPUS.resolve(name);
        List<byte[]> inputs = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
        }
        return inputs;
    }
}
