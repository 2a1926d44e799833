package dev.octroi.cli;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.CardFiles;
import dev.octroi.rsp.euicc.StoredCard;
import dev.octroi.rsp.euicc.StoredIdentity;
import dev.octroi.rsp.euicc.VirtualEuicc;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code octroi euicc new}: makes a card under the test GSMA PKI. */
@Command(name = "new", description = "Make a card under the test GSMA PKI.", mixinStandardHelpOptions = true)
final class EuiccNewCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private EuiccOptions options = new EuiccOptions();

    @Option(
            names = "--pki",
            paramLabel = "DIR",
            defaultValue = "var/pki/gsma",
            description = "Folder of the test GSMA PKI, made when missing (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Path pki;

    @Option(names = "--eid", paramLabel = "EID", description = "32 digits; without it a random test EID.")
    private @Nullable String eid;

    @Option(names = "--brainpool", description = "Give the card a second CI, on Brainpool P256r1.")
    private boolean brainpool;

    @ArgGroup(exclusive = false, heading = "Certificates from elsewhere, such as those of SGP.26 (all four):%n")
    private @Nullable Certificates certificates;

    /** Files that personalise a card outside the test PKI. */
    static final class Certificates {
        @Option(names = "--ci", required = true, paramLabel = "FILE", description = "Certificate of the CI.")
        @SuppressWarnings("NullAway.Init")
        private Path ci;

        @Option(names = "--eum", required = true, paramLabel = "FILE", description = "Certificate of the EUM.")
        @SuppressWarnings("NullAway.Init")
        private Path eum;

        @Option(
                names = "--certificate",
                required = true,
                paramLabel = "FILE",
                description = "Certificate of the eUICC.")
        @SuppressWarnings("NullAway.Init")
        private Path certificate;

        @Option(names = "--key", required = true, paramLabel = "FILE", description = "Key of the eUICC.")
        @SuppressWarnings("NullAway.Init")
        private Path key;
    }

    @Option(
            names = "--svn",
            paramLabel = "VERSION",
            defaultValue = "2.5.0",
            description = "SGP.22 version of the card (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String version;

    @Option(
            names = "--memory",
            paramLabel = "BYTES",
            defaultValue = "524288",
            description = "Memory for profiles (default: ${DEFAULT-VALUE}).")
    private int memoryBytes;

    @Option(names = "--force", description = "Replace the card in the file.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        if (Files.exists(options.file()) && !force) {
            throw new FileAlreadyExistsException(
                    "there is a card in " + options.file() + " already; --force replaces it");
        }
        VirtualEuicc card = certificates == null ? underTestPki() : personalised(certificates);
        Path folder = options.file().toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        StoredCard.write(options.file(), card.state());
        options.print(
                "Made card %s in %s.".formatted(card.eid(), options.file()),
                EuiccOptions.object()
                        .put("eid", card.eid())
                        .put("card", options.file().toString()));
        return 0;
    }

    private VirtualEuicc underTestPki() throws IOException {
        SecureRandom random = new SecureRandom();
        String number = eid == null ? GsmaEid.test(random.nextLong(Long.MAX_VALUE)) : eid;
        if (!GsmaEid.isValid(number)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "An EID has 32 digits, the last two being check digits.");
        }
        List<GsmaTestPki> issuers = new ArrayList<>();
        issuers.add(open(GsmaCurve.P256, random));
        if (brainpool) {
            issuers.add(open(GsmaCurve.BRAINPOOL_P256R1, random));
        }
        return VirtualEuicc.create(issuers, number, facts(), InstantSource.system(), random);
    }

    private VirtualEuicc personalised(Certificates files) throws IOException {
        StoredIdentity identity = CardFiles.read(files.ci, files.eum, files.certificate, files.key);
        return VirtualEuicc.create(identity, facts(), InstantSource.system(), new SecureRandom());
    }

    private CardFacts facts() {
        return new CardFacts(version, memoryBytes, CardFacts.standard().tac());
    }

    private GsmaTestPki open(GsmaCurve curve, SecureRandom random) throws IOException {
        return GsmaTestPki.open(pki, curve, List.of("localhost"), GsmaTestPki.SMDP_OID, InstantSource.system(), random);
    }
}
