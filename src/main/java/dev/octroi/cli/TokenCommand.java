package dev.octroi.cli;

import dev.octroi.access.Scopes;
import dev.octroi.access.TokenGrant;
import dev.octroi.access.TokenIssuer;
import dev.octroi.access.TokenRules;
import dev.octroi.app.CommandKeys;
import dev.octroi.app.Settings;
import dev.octroi.db.PublicId;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code octroi token}: an access token signed with the key of the data directory, for people and scripts on this machine. */
@Command(
        name = "token",
        description = "Print an access token, signed with the key in <data.dir>/keys/jwt.",
        mixinStandardHelpOptions = true)
public final class TokenCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--tenant",
            paramLabel = "ID",
            required = true,
            description =
                    "The tenant as the API names it (ten_…) or its number; 0 for the operator of the installation.")
    @SuppressWarnings("NullAway.Init")
    private String tenant;

    @Option(
            names = "--scope",
            paramLabel = "SCOPES",
            required = true,
            description = "Scopes separated by blanks, or 'all'.")
    private String scope = "";

    @Option(
            names = "--subject",
            paramLabel = "WHO",
            description = "Who, for the audit log (default: ${DEFAULT-VALUE}).")
    private String subject = "cli:" + System.getProperty("user.name", "someone");

    @Override
    public Integer call() throws Exception {
        Set<String> scopes = scope.equals("all")
                ? Scopes.GRANTABLE
                : Scopes.parse(scope).filter(Scopes.GRANTABLE::containsAll).orElseThrow(this::unknownScope);
        int tenantId = tenantId();
        if (tenantId < 0 || subject.isBlank() || subject.length() > 120) {
            throw new CommandLine.ParameterException(spec.commandLine(), "tenant or subject out of range");
        }
        Settings loaded = settings.load();
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        TokenIssuer issuer = new TokenIssuer(
                CommandKeys.signing(loaded, clock, random),
                TokenRules.of(loaded.publicUrl(), loaded.access().tokenLife()),
                clock,
                random);
        spec.commandLine().getOut().println(issuer.issue(TokenGrant.of(tenantId, subject, scopes)));
        return 0;
    }

    /** Below zero when it is none. */
    private int tenantId() {
        if (tenant.matches("[0-9]{1,9}")) {
            return Integer.parseInt(tenant);
        }
        long id = PublicId.TENANT.parse(tenant).orElse(-1);
        return id > Integer.MAX_VALUE ? -1 : (int) id;
    }

    private CommandLine.ParameterException unknownScope() {
        return new CommandLine.ParameterException(
                spec.commandLine(), "Unknown scope. There are: " + Scopes.format(Scopes.GRANTABLE));
    }
}
