package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayKeysTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void aGatewayIsWithoutANewKeyUntilItHasReadItAndIsForgottenWhenItStops(@TempDir Path data) throws Exception {
        DatabaseConfig config = TestDatabase.create();
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, config, 2, 5_000);
        Keyring read = Keyring.open(data, RANDOM);
        GatewayKeys gateway = new GatewayKeys(vertx, database, read);
        await(gateway.start());
        Keyring.open(data, RANDOM).rotate(RANDOM, Instant.now());
        await(gateway.note());
        assertThat(without(database)).isEqualTo(1);
        read.reload();
        await(gateway.note());
        assertThat(without(database)).isZero();
        await(gateway.stop());
        assertThat(TestDatabase.rows(config, "SELECT gateway::text FROM gateway_keys"))
                .isEmpty();
        await(database.close());
        await(vertx.close());
    }

    private static int without(Database database) throws Exception {
        return await(database.inWorker(connection -> new GatewayKeysStore().without(connection, 1)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
