package dev.octroi.cli;

import dev.octroi.app.CommandDatabase;
import dev.octroi.app.KeyAudit;
import dev.octroi.app.Settings;
import dev.octroi.callback.reconcile.RestoreStore;
import dev.octroi.db.Ids;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code octroi restored}: what networks have to hear after the database went back in time. */
@Command(
        name = "restored",
        description = {
            "To be run once after the database was restored from a backup, or a standby took over that lacked the last of it.",
            "All policies are told to networks again, under versions above those that they were told before: they ignore",
            "what is not higher than the last one they took. docs/restore.md says what else there is to do."
        },
        mixinStandardHelpOptions = true)
public final class RestoredCommand implements Callable<Integer> {
    private static final int TIMEOUT_MINUTES = 10;

    private final Clock clock = Clock.systemUTC();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private SettingsOptions options;

    @Override
    public Integer call() throws Exception {
        Settings settings = options.load();
        RestoreStore store = new RestoreStore();
        try (CommandDatabase connected = CommandDatabase.open(settings)) {
            connected.database().inWorker(store::raiseToldVersions).await(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            long policies = 0;
            for (int shard = 0; shard < Ids.SHARDS; shard++) {
                int each = shard;
                policies += connected
                        .database()
                        .inWorker(connection -> store.tellAgain(connection, each, clock.instant()))
                        .await(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            }
            new KeyAudit(clock, warning -> spec.commandLine().getErr().println("octroi: " + warning))
                    .keep(connected, "policies.told_again", "policies", Map.of("policies", policies));
            spec.commandLine().getOut().printf("%d policies will be told again%n", policies);
        }
        return 0;
    }
}
