package dev.octroi.api.device;

import static dev.octroi.api.device.ProbeDevice.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileState;
import dev.octroi.rsp.order.Withdrawals;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A withdrawal beside a download of the same profile, whose row comes before its package. */
class WithdrawalTest {
    private static final ProfileChange.Note NOTE = new ProfileChange.Note("admin", "The phone was stolen");

    @Test
    void packageThatIsWrittenJustBeforeTheWithdrawalGoesWithIt(@TempDir Path folder) throws Exception {
        try (DeviceServer server = DeviceServer.start(folder, GsmaCurve.P256)) {
            DeviceServer.Ordered ordered = server.order();
            fetch(server, ordered);
            Future<Optional<Withdrawals.Withdrawn>> withdrawn;
            try (Connection download = TestDatabase.connect(server.config());
                    Statement statement = download.createStatement()) {
                download.setAutoCommit(false);
                statement.execute("UPDATE profile SET version = version + 1");
                withdrawn = withdraw(server, ordered.profileId());
                await().atMost(20, TimeUnit.SECONDS).until(() -> isWaiting(server));
                statement.execute("INSERT INTO rsp_package SELECT tenant_id, vshard, id, 'new', now() FROM profile"
                        + " ON CONFLICT (tenant_id, vshard, profile_id) DO UPDATE SET package = excluded.package");
                download.commit();
            }
            assertThat(DeviceServer.await(withdrawn)).isPresent();
            assertThat(TestDatabase.rows(server.config(), "SELECT profile_id FROM rsp_package"))
                    .isEmpty();
            assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.UNAVAILABLE);
        }
    }

    private static void fetch(DeviceServer server, DeviceServer.Ordered ordered) throws Exception {
        try (ProbeDevice device = new ProbeDevice(server, new PlainCard(server.pki(), GsmaEid.test(1)))) {
            assertThat(status(device.initiate())).isEqualTo("ok");
            assertThat(status(device.authenticate(ordered.profile().matchingId().reveal())))
                    .isEqualTo("ok");
            assertThat(status(device.download((byte[]) null))).isEqualTo("ok");
        }
    }

    private static Future<Optional<Withdrawals.Withdrawn>> withdraw(DeviceServer server, long profileId) {
        Withdrawals withdrawals = new Withdrawals(server.downloads());
        return server.database().inWorker(connection -> withdrawals.withdraw(connection, 1, profileId, NOTE));
    }

    private static boolean isWaiting(DeviceServer server) throws SQLException {
        return !TestDatabase.rows(
                        server.config(),
                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock'")
                .isEmpty();
    }
}
