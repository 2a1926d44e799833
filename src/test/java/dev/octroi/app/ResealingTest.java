package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values are sealed anew beside gateways that have some of their rows in hand. */
class ResealingTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path data;

    private final DatabaseConfig config = TestDatabase.create();
    private final Vertx vertx = Vertx.vertx();
    private final Database database = new Database(vertx, config, 2, 1_000);
    private Resealing resealing;

    @BeforeEach
    void sealSomethingUnderAnEarlierKey() throws Exception {
        Keyring keyring = Keyring.open(data, RANDOM);
        Sealer sealer = new Sealer(keyring, RANDOM, Clock.systemUTC());
        for (int id = 7; id < 10; id++) {
            byte[] sealed = sealer.sealText(Aad.of(1, "webhook_endpoint", "secret_sealed", id), "secret");
            TestDatabase.execute(
                    config,
                    "INSERT INTO webhook_endpoint (tenant_id, id, vshard, url, secret_sealed, created_at) VALUES (1, "
                            + id + ", 1, 'https://shop.example/', '\\x"
                            + HexFormat.of().formatHex(sealed) + "', now())");
        }
        keyring.rotate(RANDOM, Instant.now().minus(Duration.ofDays(1)));
        resealing = new Resealing(new SealedValueStore(database), sealer);
    }

    @AfterEach
    void close() throws Exception {
        database.close().await(20, TimeUnit.SECONDS);
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void aRowThatSomebodyHoldsForLongerThanStatementsWaitIsSealedAnewWhenItIsFree() throws Exception {
        try (Connection gateway = TestDatabase.connect(config)) {
            gateway.setAutoCommit(false);
            gateway.createStatement().execute("SELECT 1 FROM webhook_endpoint WHERE id = 8 FOR UPDATE");
            vertx.setTimer(
                    3_000,
                    timer -> vertx.executeBlocking(() -> {
                        gateway.rollback();
                        return null;
                    }));
            assertThat(resealing.run(column -> {})).isEqualTo(new Resealing.Outcome(3, 0, 0));
        }
        assertThat(resealing.use()).containsExactly(Map.entry(2, 3L));
    }

    @Test
    void theAddressOfAChargingSessionIsSealedAnewAndItsAccountReadAgain() throws Exception {
        Sealer before = new Sealer(
                Keyring.open(data, RANDOM),
                RANDOM,
                Clock.fixed(Instant.now().minus(Duration.ofDays(30)), ZoneOffset.UTC));
        Aad place = Aad.of(1, "charging_session", "notify_to", 256);
        for (int number = 1; number <= 201; number++) {
            String sealed = Base64.getEncoder().encodeToString(before.sealText(place, "https://smf.example/" + number));
            TestDatabase.execute(
                    config,
                    "INSERT INTO charging_session (vshard, tenant_id, account_id, number, partner_id, open,"
                            + " promised_bytes, grants_until, touched_at, waiting, notices, notify_to, memory)"
                            + " VALUES (0, 1, 256, " + number + ", 5, true, 0, now(), now(), false, 1, '" + sealed
                            + "', E'\\n\\n-1')");
        }
        assertThat(resealing.use().get(1)).isEqualTo(204);
        assertThat(resealing.run(column -> {})).isEqualTo(new Resealing.Outcome(204, 0, 0));
        assertThat(resealing.use()).containsExactly(Map.entry(2, 204L));
    }

    @Test
    void theAddressOfATravellerIsSealedAnew() throws Exception {
        Sealer before = new Sealer(
                Keyring.open(data, RANDOM),
                RANDOM,
                Clock.fixed(Instant.now().minus(Duration.ofDays(30)), ZoneOffset.UTC));
        byte[] sealed = before.sealText(Aad.of(1, "notice_channel", "address_sealed", 512), "ann@traveller.example");
        TestDatabase.execute(
                config,
                "INSERT INTO notice_channel (tenant_id, vshard, subscription_id, number, address_sealed, state, language,"
                        + " max_per_day, set_at) VALUES (1, 0, 512, 768, '\\x"
                        + HexFormat.of().formatHex(sealed) + "', 'pending', 'en', 10, now())");
        assertThat(resealing.run(column -> {})).isEqualTo(new Resealing.Outcome(4, 0, 0));
        assertThat(resealing.use()).containsExactly(Map.entry(2, 4L));
    }

    @Test
    void aRowThatIsNeverFreeIsSaidToBeLeft() throws Exception {
        try (Connection gateway = TestDatabase.connect(config)) {
            gateway.setAutoCommit(false);
            gateway.createStatement().execute("SELECT 1 FROM webhook_endpoint WHERE id = 8 FOR UPDATE");
            Resealing.Outcome done = resealing.run(column -> {});
            assertThat(done).isEqualTo(new Resealing.Outcome(2, 0, 1));
            assertThat(done.isAll()).isFalse();
            gateway.rollback();
        }
    }
}
