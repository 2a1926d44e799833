package dev.octroi.app;

import dev.octroi.db.Database;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.SealBrokenException;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys with which a database was sealed, and no others: with new ones a gateway would find no subscriber, count nothing, and
 * seal what comes so that the old keys cannot open it. The first gateway notes a check value of its keys in the database. See
 * docs/adr/0052-a-database-knows-its-keys.md.
 */
final class InstallationKeys {
    private static final int SECONDS = 60;

    private final Path data;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Vertx vertx;
    private final InstallationStore store = new InstallationStore();

    /** The keyring, or why there is none for this database. */
    private record Opened(@Nullable Keyring keyring, String refusal) {}

    private InstallationKeys(Path data, SecureRandom random, InstantSource clock, Vertx vertx) {
        this.data = data;
        this.random = random;
        this.clock = clock;
        this.vertx = vertx;
    }

    /**
     * The keyring of a data directory. It is made where there is none and nothing in the database was sealed with another. Blocking.
     *
     * @throws SettingsException when the database was sealed with other keys: what to do is said
     */
    static Keyring open(Path data, SecureRandom random, InstantSource clock, Vertx vertx, Database database) {
        InstallationKeys keys = new InstallationKeys(data, random, clock, vertx);
        Opened opened = Blocking.await("the look at the keys", database.inWorker(keys::open), SECONDS);
        if (opened.keyring() == null) {
            throw new SettingsException(opened.refusal());
        }
        return opened.keyring();
    }

    private Future<Opened> open(SqlConnection connection) {
        return store.lock(connection)
                .compose(locked -> store.noted(connection))
                .compose(noted -> noted.isPresent()
                        ? vertx.executeBlocking(() -> compare(noted.get()))
                        : store.sealed(connection).compose(samples -> first(connection, samples)));
    }

    private Opened compare(byte[] noted) throws IOException {
        if (!Keyring.exists(data)) {
            return refused("there are no keys");
        }
        Keyring keyring = Keyring.open(data, random);
        return MessageDigest.isEqual(keyring.check(), noted)
                ? new Opened(keyring, "")
                : refused("there are other keys than those of this database");
    }

    /** Nobody has noted anything: the database is new, or of a version that noted nothing. */
    private Future<Opened> first(SqlConnection connection, List<InstallationStore.Sealed> samples) {
        return vertx.executeBlocking(() -> fitting(samples))
                .compose(opened -> opened.keyring() == null
                        ? Future.succeededFuture(opened)
                        : store.note(connection, opened.keyring().check()).map(opened));
    }

    private Opened fitting(List<InstallationStore.Sealed> samples) throws IOException {
        if (!samples.isEmpty() && !Keyring.exists(data)) {
            return refused("there are no keys");
        }
        Keyring keyring = Keyring.open(data, random);
        Sealer sealer = new Sealer(keyring, random, clock);
        // Most, not all: a gateway of before may have run beside with keys of its own.
        long opened = samples.stream().filter(each -> opens(sealer, each)).count();
        return opened * 2 >= samples.size()
                ? new Opened(keyring, "")
                : refused("there are other keys than those of this database");
    }

    private static boolean opens(Sealer sealer, InstallationStore.Sealed sample) {
        try {
            sealer.open(sample.place(), sample.value());
            return true;
        } catch (SealBrokenException e) {
            return false;
        }
    }

    private Opened refused(String what) {
        Path keys = data.resolve("keys");
        return new Opened(
                null,
                what + " in " + keys
                        + ", and the database was sealed with keys that are elsewhere: copy the folder keys from"
                        + " the data.dir of a gateway that runs on this database, or from its backup, to " + keys
                        + ". For a new installation name an empty database.");
    }
}
