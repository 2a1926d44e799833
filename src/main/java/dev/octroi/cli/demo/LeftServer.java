package dev.octroi.cli.demo;

import dev.octroi.db.Postmaster;
import java.nio.file.Path;
import java.time.Duration;

/** The PostgreSQL server of a gateway that ended without stopping it: killed, or stopped before it was ready. */
final class LeftServer {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private LeftServer() {}

    /** Asks the server of a gateway's data to stop, and kills it when it does not. */
    static void stop(Path dataDirectory) {
        Postmaster.of(dataDirectory.resolve("pg")).ifPresent(server -> {
            if (!server.stop(STOP_TIMEOUT)) {
                server.kill();
            }
        });
    }
}
