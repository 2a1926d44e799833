package dev.octroi.cli;

import dev.octroi.access.SigningKeys;
import dev.octroi.app.CommandDatabase;
import dev.octroi.app.CommandKeys;
import dev.octroi.app.KeyAudit;
import dev.octroi.app.Resealing;
import dev.octroi.app.Settings;
import dev.octroi.secret.Keyring;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octroi keys}: the keys that seal stored identifiers and those that sign tokens, beside running gateways. */
@Command(
        name = "keys",
        description = "Rotate the keys that seal what is stored, and those that sign tokens.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class KeysCommand implements Runnable {
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command? See octroi keys --help.");
    }

    @Command(
            name = "list",
            description = "Show the keys, and how many stored values lie under each.",
            mixinStandardHelpOptions = true)
    int list(@Mixin SettingsOptions options) throws Exception {
        Settings settings = options.load();
        Keyring keyring = CommandKeys.read(settings, random);
        SortedMap<Integer, Long> use = use(settings);
        int sealing = keyring.sealingKekId(clock.instant());
        keyring.kekIds()
                .forEach((id, from) -> out().printf(
                                "sealing key %d: %d values%s%n",
                                id, use.getOrDefault(id, 0L), state(id, sealing, from)));
        signing(settings).activeFrom().forEach((id, from) -> out().printf("token key %s: signs from %s%n", id, from));
        return 0;
    }

    @Command(
            name = "rotate",
            description = {
                "Add a key that seals. Gateways read the keyring twice a minute, and the key seals an hour from now:",
                "where gateways run on other machines, carry <data.dir>/keys/master.keyring to them before."
            },
            mixinStandardHelpOptions = true)
    int rotate(@Mixin SettingsOptions options) throws IOException {
        Settings settings = options.load();
        Keyring keyring = CommandKeys.read(settings, random);
        int id = keyring.rotate(random, clock.instant());
        Instant from = keyring.kekIds().get(id);
        out().printf("sealing key %d seals from %s%n", id, from);
        audit().keep(settings, "keys.rotated", "sealing key " + id, Map.of("sealsFrom", String.valueOf(from)));
        return 0;
    }

    @Command(
            name = "reseal",
            description = {
                "Seal everything anew that lies under earlier keys. Beside running gateways, and as often as wanted.",
                "Exit code 1 when a value could not be opened, and stays as it is, or was in use: then run it again."
            },
            mixinStandardHelpOptions = true)
    int reseal(@Mixin SettingsOptions options) throws Exception {
        Settings settings = options.load();
        try (CommandDatabase connected = CommandDatabase.open(settings)) {
            Resealing.Outcome done = Resealing.open(settings, connected).run(out()::println);
            out().printf(
                            "%d values sealed anew, %d could not be opened, %d were in use%n",
                            done.sealedAnew(), done.unreadable(), done.inHand());
            Map<String, Long> told = Map.of(
                    "sealedAnew", done.sealedAnew(),
                    "unreadable", done.unreadable(),
                    "inHand", done.inHand());
            audit().keep(connected, "keys.resealed", "sealing keys", told);
            return done.isAll() ? 0 : 1;
        }
    }

    @Command(
            name = "destroy",
            description = {
                "Remove an earlier key that nothing lies under any more. Copies of the keyring have to go, too.",
                "The next key has to have sealed for a quarter of an hour, because clocks of gateways may be behind, and",
                "every gateway that runs has to have it. Commands that run longer, such as import-usage, have to end first.",
                "Answers that are kept for repeated requests and download sessions keep a key in use for up to two days and more."
            },
            mixinStandardHelpOptions = true)
    int destroy(
            @Mixin SettingsOptions options,
            @Parameters(paramLabel = "ID", description = "The number of a sealing key.") int id,
            @Option(names = "--erase", description = "Also if values lie under it: they are lost for good.")
                    boolean erase)
            throws Exception {
        Settings settings = options.load();
        Keyring keyring = CommandKeys.read(settings, random);
        try (CommandDatabase connected = CommandDatabase.open(settings)) {
            Resealing resealing = Resealing.open(settings, connected);
            long values = resealing.use().getOrDefault(id, 0L);
            if (erase) {
                keyring.erase(id, clock.instant());
            } else {
                boolean isEarlier = id < keyring.sealingKekId(clock.instant());
                requireNotInUse(id, values, isEarlier ? resealing.gatewaysWithout(id) : 0);
                keyring.destroy(id, clock.instant());
            }
            audit().keep(
                            connected,
                            "keys.destroyed",
                            "sealing key " + id,
                            Map.of("erase", erase, "valuesUnderIt", values));
        }
        out().printf("sealing key %d is destroyed%n", id);
        return 0;
    }

    private static void requireNotInUse(int id, long values, int gateways) throws IOException {
        if (gateways > 0) {
            throw new IOException("key " + id + " is not destroyed: gateways that run without a later one: " + gateways
                    + "; carry <data.dir>/keys/master.keyring to their machines");
        }
        if (values > 0) {
            throw new IOException("key " + id + " is not destroyed: " + values
                    + " values lie under it; octroi keys reseal seals them anew");
        }
    }

    @Command(
            name = "rotate-tokens",
            description = {
                "Add a key that signs tokens from 24 hours from now; tokens of before stay good for their life.",
                "Where gateways run on other machines, carry <data.dir>/keys/jwt to them before; with --leaked, at once."
            },
            mixinStandardHelpOptions = true)
    int rotateTokens(
            @Mixin SettingsOptions options,
            @Option(names = "--leaked", description = "Sign with a new key at once and refuse all tokens of before.")
                    boolean leaked)
            throws IOException, GeneralSecurityException {
        Settings settings = options.load();
        SigningKeys keys = signing(settings);
        if (leaked) {
            keys.replaceAll();
        } else {
            keys.rotate();
        }
        SortedMap<String, String> from = new TreeMap<>();
        keys.activeFrom().forEach((id, moment) -> {
            out().printf("token key %s: signs from %s%n", id, moment);
            from.put(id, moment.toString());
        });
        audit().keep(
                        settings,
                        leaked ? "token_keys.replaced" : "token_keys.rotated",
                        "token keys",
                        Map.of("signFrom", from));
        return 0;
    }

    private KeyAudit audit() {
        return new KeyAudit(clock, spec.commandLine().getErr()::println);
    }

    private static String state(int id, int sealing, Instant from) {
        if (id == sealing) {
            return ", seals now";
        }
        return id > sealing ? ", seals from " + from : "";
    }

    private static SortedMap<Integer, Long> use(Settings settings) throws IOException {
        try (CommandDatabase connected = CommandDatabase.open(settings)) {
            return Resealing.open(settings, connected).use();
        }
    }

    private SigningKeys signing(Settings settings) throws IOException, GeneralSecurityException {
        return CommandKeys.signing(settings, clock, random);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
