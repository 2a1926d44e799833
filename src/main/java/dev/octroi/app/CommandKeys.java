package dev.octroi.app;

import dev.octroi.access.SigningKeys;
import dev.octroi.secret.Keyring;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The gateway's keys for one command, which never makes any: with new ones nothing that is stored could be found or opened. */
public final class CommandKeys {
    private CommandKeys() {}

    /**
     * The keyring as it is, whatever database there is.
     *
     * @throws IOException when the data directory has none
     */
    public static Keyring read(Settings settings, SecureRandom random) throws IOException {
        return Keyring.open(require(settings), random);
    }

    /**
     * The keyring with which the command's database was sealed. Blocking.
     *
     * @throws IOException when the data directory has none
     * @throws SettingsException when it is that of another database
     */
    static Keyring open(Settings settings, CommandDatabase connected, SecureRandom random, InstantSource clock)
            throws IOException {
        return InstallationKeys.open(require(settings), random, clock, connected.vertx(), connected.database());
    }

    /**
     * The keys that sign the gateway's tokens. Blocking.
     *
     * @throws IOException when the data directory has none
     */
    public static SigningKeys signing(Settings settings, InstantSource clock, SecureRandom random)
            throws IOException, GeneralSecurityException {
        return SigningKeys.open(require(settings), clock, random);
    }

    /** The data directory, when it has keys. */
    static Path require(Settings settings) throws IOException {
        Path data = settings.dataDirectory().toAbsolutePath();
        if (!Keyring.exists(data)) {
            throw new IOException("there are no keys in " + data + ": name the gateway's data.dir, or start it once");
        }
        return data;
    }
}
