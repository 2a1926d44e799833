package dev.octroi.cli;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Validity;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ImportUsageCommandTest {
    @TempDir
    private Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void filesAreToldOneByOneWithWhatIsMissingAndWhereRejectedRowsAre() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        Path one = file("u_1.csv", row("r1", "5"));
        assertThat(run(config, "--numbered", one.toString())).as("without keys").isEqualTo(1);
        assertThat(err.toString()).contains("there are no keys in");
        Keyring.open(data, new SecureRandom());

        Path three = file("u_3.csv", row("r3", "5") + row("r4", "many"));
        Path cut = file("u_4.csv", "r5,2080");
        assertThat(run(config, "--numbered", one.toString(), three.toString(), cut.toString()))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("u_1.csv: 1 rows: 0 counted, 0 duplicate, 1 quarantined, 0 rejected")
                .contains("u_3.csv: 2 rows: 0 counted, 0 duplicate, 1 quarantined, 1 rejected")
                .contains("rejected rows are in " + data.resolve("u_3.csv.rejected.csv"))
                .contains("missing: u_2")
                .contains("u_4.csv: The file does not end with a whole line")
                .doesNotContain("208019999999999");
        assertThat(err.toString()).doesNotContain("208019999999999");
        assertThat(Files.readString(data.resolve("u_3.csv.rejected.csv"))).contains("3,malformed,");
        assertThat(run(config, one.toString())).as("again").isZero();
        assertThat(out.toString()).contains("u_1.csv: counted before, as u_1.csv");
    }

    @Test
    void whoSubscribedToPolicyCountersIsToldByTheGateways() throws Exception {
        try (QuotaFixture fixture = new QuotaFixture()) {
            fixture.now.set(Instant.now().minusSeconds(60));
            BlindIndex index = new BlindIndex(Keyring.open(data, new SecureRandom()));
            AccountKey key = fixture.open(AccountFixture.terms(
                    10 * MB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER)));
            QuotaFixture.await(fixture.database.inWorker(connection -> new AccountLinkStore()
                    .link(
                            connection,
                            key,
                            index.network(IdentifierKind.IMSI, "208019999999999"),
                            index.network(IdentifierKind.ICCID, "8944000000000000001"))));
            long number = fixture.ids.next(key.vshard());
            TestDatabase.execute(fixture.config, """
                    INSERT INTO spending_limit (vshard, tenant_id, account_id, number, partner_id, context, counters,
                                                expires_at, told)
                    VALUES (%d, %d, %d, %d, 1, '', '{octroi-volume}', now() + interval '1 day', '{}')
                    """.formatted(key.vshard(), key.tenantId(), key.accountId(), number));
            Path one = file("u_1.csv", row("r1", Long.toString(9 * MB)));
            assertThat(run(fixture.config, one.toString())).as(err.toString()).isZero();
            assertThat(out.toString()).contains("1 counted");
            assertThat(fixture.number("""
                            SELECT count(*) FROM outbox
                            WHERE stream = 'charging' AND key = ? AND payload->>'spending' = 'notify'
                            """, number)).isEqualTo(1);
        }
    }

    @Test
    void aNameThatIsNoneIsAnErrorOfUse() {
        assertThat(run(TestDatabase.create(), "--imsi-prefix", "20x", "u.csv")).isEqualTo(2);
        assertThat(err.toString()).contains("imsiPrefixes");
    }

    private Path file(String name, String rows) throws Exception {
        return Files.writeString(data.resolve(name), "id,imsi,end,up,down,plmn\n" + rows);
    }

    private static String row(String id, String down) {
        return id + ",208019999999999," + Instant.now() + ",0," + down + ",208-01\n";
    }

    private int run(DatabaseConfig config, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "import-usage",
                "--source",
                "pgw",
                "--set=data.dir=" + data,
                "--set=database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database(),
                "--set=database.user=" + config.ownerUser(),
                "--set=database.password=" + config.ownerPassword()));
        arguments.addAll(List.of(more));
        return new CommandLine(new OctroiCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    commandLine.getErr().println("octroi: " + failure.getMessage());
                    return 1;
                })
                .execute(arguments.toArray(String[]::new));
    }
}
