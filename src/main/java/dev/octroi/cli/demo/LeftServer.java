package dev.octroi.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The PostgreSQL server of a gateway that ended without stopping it: killed, or stopped before it was ready. */
final class LeftServer {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private LeftServer() {}

    /** Asks the server of a gateway's data to stop, and kills it when it does not. */
    static void stop(Path dataDirectory) {
        running(dataDirectory.resolve("pg")).ifPresent(postmaster -> {
            postmaster.destroy();
            if (!ends(postmaster)) {
                // Its own children see that it is gone, and end.
                postmaster.destroyForcibly();
                ends(postmaster);
            }
        });
    }

    private static boolean ends(ProcessHandle process) {
        try {
            process.onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Its process; the number in the file may be another's by now, whose program is not of this folder. */
    private static Optional<ProcessHandle> running(Path server) {
        Path file = server.resolve("data/postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Path programs = server.toRealPath();
            List<String> lines = Files.readAllLines(file);
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                    .filter(process -> process.info()
                            .command()
                            .filter(command -> Path.of(command).startsWith(programs))
                            .isPresent());
        } catch (IOException | RuntimeException e) {
            // It went away while it was looked at.
            return Optional.empty();
        }
    }
}
