package dev.octroi.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** Reads files of which one that is spoilt must not keep the others from being read; what failed is thrown at the end. */
final class Apart {
    private @Nullable GeneralSecurityException failure;

    /** Work with files. */
    @FunctionalInterface
    interface Reading {
        void run() throws IOException, GeneralSecurityException;
    }

    void run(Reading reading) {
        run(reading, () -> {});
    }

    /**
     * @param otherwise what is done where it fails
     */
    void run(Reading reading, Runnable otherwise) {
        try {
            reading.run();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            otherwise.run();
            if (failure == null) {
                failure = new GeneralSecurityException(e.getMessage(), e);
            } else {
                failure.addSuppressed(e);
            }
        }
    }

    void end() throws GeneralSecurityException {
        if (failure != null) {
            throw failure;
        }
    }
}
