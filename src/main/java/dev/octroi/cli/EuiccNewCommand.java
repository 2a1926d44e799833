package dev.octroi.cli;

import static java.util.Objects.requireNonNull;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.CardFiles;
import dev.octroi.rsp.euicc.CardLock;
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
            description = "Folder of the test GSMA PKI, made when missing (default: pki/gsma in the data folder).")
    private @Nullable Path pki;

    @Option(names = "--eid", paramLabel = "EID", description = "32 digits; without it a random test EID.")
    private @Nullable String eid;

    @Option(names = "--brainpool", description = "Give the card a second CI, on Brainpool P256r1.")
    private boolean brainpool;

    @Option(
            names = "--curves",
            paramLabel = "CURVE",
            split = ",",
            description = "CIs of the card by their curve, the preferred first: p256, brainpool_p256r1.")
    private List<GsmaCurve> curves = new ArrayList<>();

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

    @Mixin
    private CardFactsOptions facts = new CardFactsOptions();

    @Option(names = "--force", description = "Replace the card in the file.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        return options.run(this::make);
    }

    private int make() throws IOException {
        Path file = options.file();
        if (Files.exists(file) && !force) {
            throw new FileAlreadyExistsException("there is a card in " + file + " already; --force replaces it");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (CardLock lock = CardLock.of(file)) {
            requireNonNull(lock, "lock is null");
            VirtualEuicc card = certificates == null ? underTestPki() : personalised(certificates);
            StoredCard.write(file, card.state());
            options.print(
                    "Made card %s in %s.".formatted(card.eid(), file),
                    EuiccOptions.object().put("ok", true).put("eid", card.eid()).put("card", file.toString()));
        }
        return 0;
    }

    private VirtualEuicc underTestPki() throws IOException {
        SecureRandom random = new SecureRandom();
        String number = eid == null ? GsmaEid.test(random.nextLong(Long.MAX_VALUE)) : eid;
        if (!GsmaEid.isValid(number)) {
            throw misuse("An EID has 32 digits, the last two being check digits.");
        }
        List<GsmaCurve> order = new ArrayList<>(curves.isEmpty() ? List.of(GsmaCurve.P256) : curves);
        if (brainpool && !order.contains(GsmaCurve.BRAINPOOL_P256R1)) {
            order.add(GsmaCurve.BRAINPOOL_P256R1);
        }
        CardFacts chosen = facts();
        List<GsmaTestPki> issuers = new ArrayList<>();
        for (GsmaCurve curve : order) {
            issuers.add(open(curve, random));
        }
        return VirtualEuicc.create(issuers, number, chosen, InstantSource.system(), random);
    }

    private VirtualEuicc personalised(Certificates files) throws IOException {
        StoredIdentity identity = CardFiles.read(files.ci, files.eum, files.certificate, files.key);
        return VirtualEuicc.create(identity, facts(), InstantSource.system(), new SecureRandom());
    }

    private CardFacts facts() {
        try {
            return facts.facts();
        } catch (IllegalArgumentException e) {
            throw misuse(String.valueOf(e.getMessage()));
        }
    }

    private CommandLine.ParameterException misuse(String sentence) {
        return new CommandLine.ParameterException(spec.commandLine(), sentence);
    }

    private GsmaTestPki open(GsmaCurve curve, SecureRandom random) throws IOException {
        Path folder = pki == null ? options.dataFolder().resolve("pki").resolve("gsma") : pki;
        return GsmaTestPki.open(
                folder, curve, List.of("localhost"), GsmaTestPki.SMDP_OID, InstantSource.system(), random);
    }
}
