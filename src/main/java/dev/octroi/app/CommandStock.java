package dev.octroi.app;

import dev.octroi.db.Ids;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.stock.ProfileStock;
import dev.octroi.rsp.stock.TransportKeys;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;

/** Operators' profiles for one command, sealed with the keys of the gateway's data directory. */
public final class CommandStock {
    private CommandStock() {}

    /**
     * Opens the stock over the command's database.
     *
     * @throws IOException when the data directory has no keys: with new ones the gateway could read nothing
     */
    public static ProfileStock open(Settings settings, CommandDatabase connected) throws IOException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Keyring keyring = CommandKeys.open(settings, connected, random, clock);
        TransportKeys transportKeys = settings.transportKeys().isPresent()
                ? TransportKeys.read(settings.transportKeys().get())
                : TransportKeys.none();
        return ProfileStock.open(
                connected.vertx(),
                connected.database(),
                new ProfileVault(new Sealer(keyring, random, clock), new BlindIndex(keyring)),
                transportKeys,
                new Ids(clock, random),
                clock);
    }
}
