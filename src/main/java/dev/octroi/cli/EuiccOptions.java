package dev.octroi.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.euicc.CardState;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.StoredCard;
import dev.octroi.rsp.euicc.VirtualEuicc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What all commands about the virtual eUICC have in common: the card's file, where to connect, how to print. */
final class EuiccOptions {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--card",
            paramLabel = "FILE",
            defaultValue = "var/euicc.json",
            description = "File of the card (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Path card;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "Connect here instead of the address in the activation code.")
    private @Nullable URI endpoint;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "PEM or DER certificate to trust for TLS besides the CIs of the card. May be repeated.")
    private List<Path> tlsCa = new ArrayList<>();

    @Option(names = "--asn1", description = "Speak the ASN.1 binding of ES9+ instead of JSON.")
    private boolean asn1;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    /** Something done with the LPA of the card. */
    interface Action {
        void run(Lpa lpa) throws LpaException, IOException;
    }

    Path file() {
        return card;
    }

    /** Reads the card, acts, and writes the card whatever happened; 0 or 1 for the shell. */
    int withLpa(Action action) throws IOException {
        VirtualEuicc euicc = load();
        LpaSettings settings = LpaSettings.standard();
        if (endpoint != null) {
            settings = settings.withEndpoint(endpoint);
        }
        if (asn1) {
            settings = settings.inAsn1();
        }
        try (Lpa lpa = new Lpa(euicc, LpaTrust.of(trusted(euicc)), settings)) {
            action.run(lpa);
            return 0;
        } catch (LpaException e) {
            return failed(e);
        } finally {
            StoredCard.write(card, euicc.state());
        }
    }

    VirtualEuicc load() throws IOException {
        try {
            CardState state = StoredCard.read(card);
            return new VirtualEuicc(state, InstantSource.system(), new SecureRandom());
        } catch (NoSuchFileException e) {
            throw new IOException("no card in %s; make one with: octroi euicc new --card %s".formatted(card, card));
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Prints the sentence, or with {@code --json} the object. */
    void print(String sentence, ObjectNode object) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? object.toString() : sentence);
        out.flush();
    }

    private int failed(LpaException e) {
        if (json) {
            ObjectNode object = object().put("ok", false)
                    .put("source", e.source().name().toLowerCase(Locale.ROOT))
                    .put("step", e.step())
                    .put("message", e.getMessage());
            e.status().ifPresent(status -> object.put("status", status));
            print("", object);
        } else {
            spec.commandLine().getErr().println("octroi: " + e.getMessage());
        }
        return 1;
    }

    private List<byte[]> trusted(VirtualEuicc euicc) throws IOException {
        List<byte[]> all = new ArrayList<>(euicc.ciCertificates());
        for (Path file : tlsCa) {
            try {
                all.add(CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)))
                        .getEncoded());
            } catch (CertificateException e) {
                throw new IOException("not a certificate: " + file, e);
            }
        }
        return all;
    }
}
