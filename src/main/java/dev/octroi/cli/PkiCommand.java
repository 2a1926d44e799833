package dev.octroi.cli;

import dev.octroi.app.CertificateReport;
import dev.octroi.app.Settings;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.DomainAuthority;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octroi pki}: the development PKI in the data directory, and the certificates of the SM-DP+. */
@Command(
        name = "pki",
        description = "Make and look after the development PKI in <data.dir>/pki; show the SM-DP+ certificates.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class PkiCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command? See octroi pki --help.");
    }

    @Command(
            name = "init",
            description = "Make what is missing or about to expire; safe to repeat.",
            mixinStandardHelpOptions = true)
    int init(@Mixin SettingsOptions settings) throws IOException, GeneralSecurityException {
        Path folder = folder(settings);
        open(folder);
        out().println(folder);
        return 0;
    }

    @Command(
            name = "issue",
            description = "Issue a certificate for a partner; prints chain and key files.",
            mixinStandardHelpOptions = true)
    int issue(
            @Mixin SettingsOptions settings,
            @Parameters(
                            paramLabel = "DOMAIN",
                            description = "public, operator, network or sm-dp; nobody trusts reseller.")
                    String domain,
            @Parameters(paramLabel = "NAME", description = "Lower-case letters, digits, dashes.") String name,
            @Option(
                            names = "--server",
                            paramLabel = "HOST",
                            description = "Issue a server certificate for this host; may be repeated.")
                    @Nullable
                    List<String> hosts)
            throws IOException, GeneralSecurityException {
        DomainAuthority authority = open(folder(settings)).domain(domain(domain));
        TlsFiles files = hosts == null || hosts.isEmpty() ? authority.client(name) : authority.server(name, hosts);
        out().println(files.chain());
        out().println(files.key());
        return 0;
    }

    @Command(
            name = "revoke",
            description = "Revoke a certificate; a running gateway notices within half a minute.",
            mixinStandardHelpOptions = true)
    int revoke(
            @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "DOMAIN", description = "Where it was issued.") String domain,
            @Parameters(paramLabel = "NAME", description = "What it was issued as.") String name)
            throws IOException, GeneralSecurityException {
        open(folder(settings)).domain(domain(domain)).revoke(name);
        return 0;
    }

    @Command(name = "list", description = "List what was issued.", mixinStandardHelpOptions = true)
    int list(
            @Mixin SettingsOptions settings,
            @Option(names = "--json", description = "One JSON object per line.") boolean json)
            throws IOException, GeneralSecurityException {
        DevPki pki = open(folder(settings));
        List<DomainAuthority.Issued> all = new ArrayList<>();
        for (TrustDomain domain : TrustDomain.values()) {
            all.addAll(pki.domain(domain).list());
        }
        for (DomainAuthority.Issued issued : all) {
            String until = issued.certificate().getNotAfter().toInstant().toString();
            if (json) {
                out().println(new JsonObject()
                        .put("domain", issued.domain().label())
                        .put("name", issued.name())
                        .put("notAfter", until)
                        .put("revoked", issued.revoked()));
            } else {
                out().printf(
                                "%-9s %-24s until %s%s%n",
                                issued.domain().label(), issued.name(), until, issued.revoked() ? "  revoked" : "");
            }
        }
        return 0;
    }

    @Command(
            name = "gsma",
            description = "Show the certificates of the SM-DP+ that a gateway with these settings uses.",
            mixinStandardHelpOptions = true)
    int gsma(
            @Mixin SettingsOptions settings,
            @Option(names = "--json", description = "One JSON object per line.") boolean json)
            throws IOException {
        CertificateReport report = CertificateReport.read(settings.load());
        if (!json) {
            out().printf("SM-DP+ %s, certificates in %s%n", report.oid(), report.folder());
        }
        for (CertificateReport.Row row : report.rows()) {
            String list = row.listDue().map(Instant::toString).orElse("");
            if (json) {
                out().println(new JsonObject()
                        .put("role", row.role())
                        .put("curve", row.curve())
                        .put("keyId", row.keyId())
                        .put("ci", row.issuer())
                        .put("notBefore", row.notBefore().toString())
                        .put("notAfter", row.notAfter().toString())
                        .put("crlDue", list.isEmpty() ? null : list));
            } else {
                out().printf(
                                "%-7s %-16s key %s  from %s until %s%s%n",
                                row.role(),
                                row.curve(),
                                row.keyId(),
                                row.notBefore(),
                                row.notAfter(),
                                list.isEmpty() ? "" : "  revocation list due " + list);
            }
        }
        PrintWriter warnings = json ? spec.commandLine().getErr() : out();
        report.warnings().forEach(warning -> warnings.println("! " + warning));
        return 0;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private TrustDomain domain(String label) {
        return TrustDomain.ofLabel(label)
                .orElseThrow(() -> new CommandLine.ParameterException(
                        spec.commandLine(),
                        "No domain '" + label + "'; there are "
                                + Arrays.stream(TrustDomain.values())
                                        .map(TrustDomain::label)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    private static Path folder(SettingsOptions options) {
        Settings settings = options.load();
        return settings.dataDirectory().toAbsolutePath().resolve("pki");
    }

    private static DevPki open(Path folder) throws IOException, GeneralSecurityException {
        return DevPki.ensure(folder, Clock.systemUTC(), new SecureRandom());
    }
}
