package dev.octroi.fuzz;

import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.testing.TempFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Certificates for fuzzed decoders that look behind a signature: the harness signs what the fuzzer makes up. */
public final class FuzzPki {
    /** The moment at which everything is valid. */
    public static final Instant NOW = Instant.parse("2026-11-02T00:00:00Z");

    /** The card. */
    public static final String EID = GsmaEid.test(77);

    /** Where keys and signatures come from. */
    public static final SecureRandom RANDOM = new SecureRandom();

    private static final GsmaTestPki PKI = open();

    private FuzzPki() {}

    /** The test PKI of this process. */
    public static GsmaTestPki pki() {
        return PKI;
    }

    private static GsmaTestPki open() {
        try {
            Path folder = TempFolders.create("fuzz");
            GsmaTestPki made =
                    GsmaTestPki.open(folder, List.of("localhost"), InstantSource.fixed(NOW.minusSeconds(3600)), RANDOM);
            try (var files = Files.walk(folder)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
