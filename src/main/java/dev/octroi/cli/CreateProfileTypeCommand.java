package dev.octroi.cli;

import dev.octroi.app.CommandDatabase;
import dev.octroi.app.CommandStock;
import dev.octroi.app.Settings;
import dev.octroi.db.Ids;
import dev.octroi.rsp.profile.PackageReading;
import dev.octroi.rsp.profile.ProfileTemplate;
import dev.octroi.rsp.stock.ProfileStock;
import dev.octroi.rsp.type.ProfileTypeStore.Draft;
import dev.octroi.rsp.type.StoredType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octroi create-profile-type}: makes a profile type of an operator's package. */
@Command(
        name = "create-profile-type",
        description = {
            "Make a profile type of an operator's unprotected profile package (UPP, DER), in the database that the settings"
                    + " name.",
            "Needs the gateway's data directory, where the keys are that seal. The same package and terms again change"
                    + " nothing.",
            "Cards report all events to this server; other addresses are set over the admin API."
        },
        mixinStandardHelpOptions = true)
public final class CreateProfileTypeCommand implements Callable<Integer> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final int TIMEOUT_SECONDS = 60;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Mixin
    private TypeTermsOptions terms = new TypeTermsOptions();

    @Parameters(paramLabel = "FILE", description = "The package, as the operator's profile tool exports it.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            required = true,
            description = "As orders and batches name the type.")
    private String name = "";

    @Option(names = "--tenant", paramLabel = "ID", required = true, description = "Number of the tenant.")
    private int tenant;

    @Option(names = "--replace", description = "Make the next version of a type that is there.")
    private boolean replace;

    @Override
    public Integer call() throws IOException, TimeoutException {
        if (tenant < 1 || !NAME.matcher(name).matches()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "A tenant's number is 1 or more; a name has up to 100 letters, digits, dots, dashes and underscores.");
        }
        Draft draft;
        try {
            draft = new Draft(terms.read(), template());
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
        }
        Settings loaded = settings.load();
        Clock clock = Clock.systemUTC();
        try (CommandDatabase connected = CommandDatabase.open(loaded)) {
            ProfileStock stock = CommandStock.open(loaded, connected);
            TypeWriting writing = new TypeWriting(stock.types(), new Ids(clock, new SecureRandom()), clock);
            TypeWriting.Result result = connected
                    .database()
                    .inWorker(connection -> writing.write(connection, tenant, name, draft, replace))
                    .await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return switch (result) {
                case TypeWriting.Result.Written written -> print(written.type(), "is stored");
                case TypeWriting.Result.Unchanged same -> print(same.type(), "was stored before");
                case TypeWriting.Result.Refused refused -> {
                    spec.commandLine().getErr().println("octroi: " + refused.sentence());
                    yield 1;
                }
            };
        }
    }

    /** Reads no more than a package may have, and one byte to see that there is more. */
    private ProfileTemplate template() throws IOException {
        byte[] unprotected;
        try (InputStream in = Files.newInputStream(file)) {
            unprotected = in.readNBytes(ProfileTemplate.MAX_BYTES + 1);
        }
        return switch (ProfileTemplate.inspect(unprotected)) {
            case PackageReading.Usable usable -> usable.template();
            case PackageReading.Refused refused ->
                throw new IOException(
                        "the package cannot be used: " + refused.fault().code() + ": " + refused.detail());
        };
    }

    private int print(StoredType type, String what) {
        StoredType.Facts facts = type.facts();
        spec.commandLine()
                .getOut()
                .printf(
                        "%s version %d %s: format %s, %d elements, %,d bytes, SHA-256 %s%n",
                        type.name(),
                        type.version(),
                        what,
                        facts.formatVersion(),
                        facts.elements(),
                        facts.bytes(),
                        facts.sha256());
        return 0;
    }
}
