package dev.octroi.app;

import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.charging.SpendingNotices;
import dev.octroi.db.ClockWatch;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.drain.DrainDetector;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.Populations;
import dev.octroi.quota.decide.Decider;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.support.Alarms;
import dev.octroi.support.BlockLists;
import dev.octroi.usage.UsageIntake;
import dev.octroi.usage.file.FileImport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * Counting for one command, as one more gateway on the same database: accounts carry versions, so a gateway may run beside
 * it. What follows for the network waits in the outbox for a gateway's dispatcher.
 */
public final class CommandUsage implements AutoCloseable {
    private static final int LANES = 2;
    private static final int CONNECTIONS = LANES + 2;
    private static final int START_SECONDS = 30;

    private final CommandDatabase connected;
    private final FileImport imports;

    private CommandUsage(CommandDatabase connected, FileImport imports) {
        this.connected = connected;
        this.imports = imports;
    }

    /**
     * Opens counting. Blocking.
     *
     * @throws IOException when the data directory has no keys: with new ones no subscriber would be found; or when the clock
     *     is far from the database's
     */
    public static CommandUsage open(Settings settings) throws IOException {
        CommandKeys.require(settings);
        CommandDatabase connected = CommandDatabase.open(settings, CONNECTIONS);
        try {
            return new CommandUsage(connected, imports(settings, connected));
        } catch (IOException | RuntimeException e) {
            connected.close();
            throw e;
        }
    }

    private static FileImport imports(Settings settings, CommandDatabase connected) throws IOException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Keyring keyring = CommandKeys.open(settings, connected, random, clock);
        Ids ids = new Ids(clock, random);
        Database database = connected.database();
        ClockWatch clockWatch = new ClockWatch(connected.vertx(), database, clock, System::nanoTime);
        Blocking.await("the database's clock", clockWatch.look(), START_SECONDS);
        if (!clockWatch.holds()) {
            throw new IOException(
                    "this machine's clock is more than five minutes from the database's: set it right first");
        }
        Populations populations = new Populations(connected.vertx(), database, clock);
        BlockLists blockLists = new BlockLists(connected.vertx(), database);
        Blocking.await("population", populations.refresh(), START_SECONDS);
        Blocking.await("block list", blockLists.refresh(), START_SECONDS);
        Accounts accounts = new Accounts(
                connected.vertx(),
                database,
                new Decider(
                        DrainDetector.shipped(),
                        populations,
                        blockLists,
                        settings.usage().dwell(),
                        settings.usage().latenessHorizon()),
                new Consequences(ids)
                        .sinks(
                                new Outbox(),
                                new EventLog(),
                                new Alarms(),
                                new AuditLog(),
                                spending(database, keyring, ids, clock, random),
                                () -> {}),
                clock,
                clockWatch,
                LANES);
        UsageIntake intake = new UsageIntake(
                database,
                accounts,
                new BlindIndex(keyring),
                clock,
                settings.usage().latenessHorizon(),
                new SimpleMeterRegistry());
        return new FileImport(database, intake, clock, settings.files().maxMegabytes() * 1_000_000L);
    }

    /** Leaves in the outbox what PCFs are to hear; where it is sent to is a gateway's matter. */
    private static SpendingNotices spending(
            Database database, Keyring keyring, Ids ids, Clock clock, SecureRandom random) {
        return new SpendingNotices(
                database,
                new Sealer(keyring, random, clock),
                ids,
                clock,
                (partnerId, url) -> Future.succeededFuture(false));
    }

    /** Counts files. */
    public FileImport imports() {
        return imports;
    }

    @Override
    public void close() {
        connected.close();
    }
}
