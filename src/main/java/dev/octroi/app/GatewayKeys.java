package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Rounds;
import dev.octroi.secret.Keyring;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the database which keys this gateway has read, at its start and twice a minute: a gateway on a machine to which the
 * keyring was not carried seals under the old key for as long as it runs, and that key must not be destroyed (docs/adr/0058).
 */
final class GatewayKeys {
    private static final Logger log = LoggerFactory.getLogger(GatewayKeys.class);
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final Database database;
    private final Keyring keyring;
    private final UUID gateway = UUID.randomUUID();
    private final GatewayKeysStore store = new GatewayKeysStore();
    private final Rounds rounds;

    GatewayKeys(Vertx vertx, Database database, Keyring keyring) {
        this.database = requireNonNull(database, "database is null");
        this.keyring = requireNonNull(keyring, "keyring is null");
        this.rounds = new Rounds(
                vertx, PERIOD, this::note, failure -> log.warn("this gateway's keys could not be noted", failure));
    }

    /** Notes it now, and again and again. */
    Future<Void> start() {
        rounds.start();
        return note();
    }

    Future<Void> note() {
        int highest = keyring.kekIds().lastKey();
        return database.inWorker(connection -> store.note(connection, gateway, highest));
    }

    /** This gateway seals nothing any more. */
    Future<Void> stop() {
        rounds.close();
        return database.inWorker(connection -> store.forget(connection, gateway));
    }
}
