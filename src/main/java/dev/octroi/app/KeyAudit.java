package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps in the audit log what was done with keys at the command line, and by whom; of a key nothing but its number or public id. What
 * is kept is done already, and is done without a database, too: a key that has leaked cannot wait for one. Blocking.
 */
public final class KeyAudit {
    private static final int TIMEOUT_SECONDS = 30;

    private final InstantSource clock;
    private final Consumer<String> warnings;

    /** @param warnings hears that an act could not be kept */
    public KeyAudit(InstantSource clock, Consumer<String> warnings) {
        this.clock = requireNonNull(clock, "clock is null");
        this.warnings = requireNonNull(warnings, "warnings is null");
    }

    /** Keeps an act of a command that has no connection. */
    public void keep(Settings settings, String action, String key, Map<String, ?> after) {
        try (CommandDatabase connected = CommandDatabase.open(settings)) {
            keep(connected, action, key, after);
        } catch (RuntimeException e) {
            warn(e);
        }
    }

    /**
     * Keeps an act.
     *
     * @param action what, dotted
     * @param key which key, or which keys
     * @param after members of what is now
     */
    public void keep(CommandDatabase connected, String action, String key, Map<String, ?> after) {
        String actor = "cli:" + System.getProperty("user.name", "someone");
        AuditEntry entry =
                new AuditEntry(Principal.OPERATOR, clock.instant(), actor, action, key, null, null, after, null);
        try {
            Blocking.await(
                    "the audit log",
                    connected.database().inWorker(connection -> new AuditLog().append(connection, entry)),
                    TIMEOUT_SECONDS);
        } catch (RuntimeException e) {
            warn(e);
        }
    }

    private void warn(RuntimeException failure) {
        warnings.accept("this is done, but the audit log does not say so: " + failure.getMessage());
    }
}
