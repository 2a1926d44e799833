package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.SigningKeys;
import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AccessCommandsTest {
    @TempDir
    Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void certificateIsIssuedListedAndRevoked() {
        assertThat(run("pki", "init")).isZero();
        assertThat(run("pki", "issue", "network", "paris-core")).isZero();
        String[] files = out.toString().lines().skip(1).toArray(String[]::new);
        assertThat(files)
                .hasSize(2)
                .allSatisfy(file -> assertThat(Files.exists(Path.of(file))).isTrue());
        assertThat(run("pki", "revoke", "network", "paris-core")).isZero();
        assertThat(run("pki", "list", "--json")).isZero();
        assertThat(out.toString()
                        .lines()
                        .filter(line -> line.contains("paris-core"))
                        .toList()
                        .getLast())
                .contains("\"revoked\":true");
    }

    @Test
    void wrongUseIsExitCodeTwo() {
        assertThat(run("pki")).isEqualTo(2);
        assertThat(run("pki", "issue", "nowhere", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("sm-dp");
        assertThat(run("token", "--tenant", "1", "--scope", "everything")).isEqualTo(2);
        assertThat(run("token", "--scope", "plans:read")).isEqualTo(2);
        assertThat(run("audit")).isEqualTo(2);
    }

    @Test
    void tokenNamesTenantScopeAndSubject() throws Exception {
        Keyring.open(data, new SecureRandom());
        assertThat(run("token", "--tenant", "7", "--scope", "plans:read orders:write", "--subject", "ops"))
                .isZero();
        JsonObject claims = new JsonObject(new String(
                Base64.getUrlDecoder().decode(out.toString().split("\\.")[1]),
                java.nio.charset.StandardCharsets.UTF_8));
        assertThat(claims.getInteger("tenant")).isEqualTo(7);
        assertThat(claims.getString("scope")).isEqualTo("orders:write plans:read");
        assertThat(claims.getString("sub")).isEqualTo("ops");
    }

    @Test
    void auditVerifyNamesTheFirstBadRowAndExitsWithOne() {
        DatabaseConfig config = TestDatabase.create();
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, config, 1, 5_000);
        AuditLog log = new AuditLog();
        for (int i = 1; i <= 3; i++) {
            AuditEntry entry =
                    new AuditEntry(1, Instant.EPOCH, "ops", "rule.changed", "rule_" + i, null, null, null, null);
            await(database.inTenant(1, connection -> log.append(connection, entry)));
        }
        await(database.close());
        await(vertx.close());
        String[] verify = {
            "audit",
            "verify",
            "--set=database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database(),
            "--set=database.user=" + config.ownerUser(),
            "--set=database.password=" + config.ownerPassword()
        };
        assertThat(run(verify)).isZero();
        assertThat(out.toString()).contains("1 chains, 3 rows verified: all hold");
        TestDatabase.execute(
                config,
                "SET session_replication_role = replica",
                "UPDATE audit SET entry = replace(entry, 'ops', 'spy') WHERE seq = 2");
        assertThat(run(verify)).isEqualTo(1);
        assertThat(out.toString()).contains("tenant 1: row 2: row was changed");
        assertThat(run("audit", "accept", "--tenant=1", "--reason=restored", verify[2], verify[3], verify[4]))
                .as("nothing was exported to this folder")
                .isZero();
        assertThat(out.toString()).contains("tenant 1: there is nothing to accept");
        assertThat(run("audit", "verify", "--set=database.url=postgresql://127.0.0.1:1/none"))
                .as("not checked, which is not broken")
                .isEqualTo(3);
    }

    @Test
    void afterARestoreAllPoliciesAreToldAgainUnderHigherVersions() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO installation (key_check) VALUES (sha256('k'))", """
                INSERT INTO policy_state (vshard, tenant_id, account_id, subscription_id, desired_version, desired_at,
                                          confirmed_version)
                VALUES (1, 1, 257, 257, 5, now(), 5), (255, 2, 255, 255, 3, now(), 3), (2, 2, 2, 2, 0, now(), 0)
                """);
        assertThat(run(
                        "restored",
                        "--set=database.url=postgresql://" + config.host() + ":" + config.port() + "/"
                                + config.database(),
                        "--set=database.user=" + config.ownerUser(),
                        "--set=database.password=" + config.ownerPassword()))
                .isZero();
        assertThat(out.toString()).contains("2 policies will be told again");
        assertThat(TestDatabase.rows(config, "SELECT told_version_base FROM installation"))
                .containsExactly("1000000");
        assertThat(TestDatabase.rows(config, "SELECT DISTINCT confirmed_version FROM policy_state"))
                .containsExactly("0");
        assertThat(TestDatabase.rows(config, "SELECT count(*) FROM audit WHERE entry LIKE '%policies.told_again%'"))
                .containsExactly("1");
    }

    /** What is signed with a key made on the spot is refused by every gateway, and a leaked key elsewhere goes on being good. */
    @Test
    void withoutAGatewaysKeysNoTokenIsSignedAndNoKeyIsMade() {
        assertThat(run("token", "--tenant", "0", "--scope", "all")).isEqualTo(1);
        assertThat(err.toString()).contains("there are no keys in " + data, "name the gateway's data.dir");
        assertThat(run("keys", "rotate-tokens", "--leaked")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void keysAreRotatedAndTheOneThatSealsIsNeverDestroyed() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        assertThat(run(on(config, "keys", "rotate"))).isEqualTo(1);
        assertThat(err.toString()).contains("there are no keys");
        Keyring.open(data, new SecureRandom());
        assertThat(run(on(config, "keys", "rotate"))).isZero();
        assertThat(out.toString()).contains("sealing key 2 seals from ");
        assertThat(run(on(config, "keys", "rotate"))).isEqualTo(1);
        assertThat(err.toString()).contains("does not seal yet");

        assertThat(run(on(config, "keys", "list"))).isZero();
        assertThat(out.toString())
                .contains("sealing key 1: 0 values, seals now")
                .contains("sealing key 2: 0 values, seals from ");
        assertThat(run(on(config, "keys", "destroy", "1"))).isEqualTo(1);
        assertThat(err.toString()).contains("key 1 seals now or will");

        String old = signingKeys();
        assertThat(run(on(config, "keys", "rotate-tokens", "--leaked"))).isZero();
        assertThat(signingKeys()).isNotEqualTo(old).doesNotContain(" ");
    }

    @Test
    void actsWithKeysAreInTheAuditLogAndNothingOfAKeyIs() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        Keyring.open(data, new SecureRandom())
                .rotate(new SecureRandom(), Instant.now().minus(Duration.ofDays(1)));
        assertThat(run(on(config, "keys", "rotate"))).isZero();
        assertThat(run(on(config, "keys", "reseal"))).isZero();
        assertThat(run(on(config, "keys", "destroy", "1"))).isZero();
        assertThat(run(on(config, "keys", "rotate-tokens"))).isZero();
        assertThat(run(on(config, "keys", "rotate-tokens", "--leaked"))).isZero();
        List<String> rows = TestDatabase.rows(config, "SELECT entry FROM audit WHERE tenant_id = 0 ORDER BY seq");
        assertThat(rows)
                .extracting(row -> new JsonObject(row).getString("action"))
                .containsExactly(
                        "keys.rotated", "keys.resealed", "keys.destroyed", "token_keys.rotated", "token_keys.replaced");
        assertThat(rows)
                .extracting(row -> new JsonObject(row).getString("actor"))
                .containsOnly("cli:" + System.getProperty("user.name"));
        assertThat(new JsonObject(rows.get(2)).getJsonObject("after"))
                .isEqualTo(new JsonObject("{\"erase\":false,\"valuesUnderIt\":0}"));
        String keyring = Files.readString(data.resolve("keys/master.keyring"));
        for (String word : keyring.split("\\s+")) {
            if (word.length() > 40) {
                assertThat(rows).noneMatch(row -> row.contains(word));
            }
        }
    }

    @Test
    void leakedTokenKeyIsReplacedWithoutADatabaseToo() throws Exception {
        Keyring.open(data, new SecureRandom());
        String old = signingKeys();
        assertThat(run("keys", "rotate-tokens", "--leaked", "--set=database.url=postgresql://127.0.0.1:1/none"))
                .isZero();
        assertThat(signingKeys()).isNotEqualTo(old);
        assertThat(err.toString()).contains("this is done, but the audit log does not say so");
    }

    @Test
    void keyThatAGatewayElsewhereStillSealsUnderIsNotDestroyed() throws Exception {
        Keyring.open(data, new SecureRandom())
                .rotate(new SecureRandom(), Instant.now().minus(Duration.ofDays(1)));
        DatabaseConfig config = TestDatabase.create();
        String[] destroy = on(config, "keys", "destroy", "1");
        TestDatabase.execute(
                config,
                "INSERT INTO gateway_keys (gateway, highest) VALUES (gen_random_uuid(), 1), (gen_random_uuid(), 2)");
        assertThat(run(destroy)).isEqualTo(1);
        assertThat(err.toString()).contains("gateways that run without a later one: 1");
        TestDatabase.execute(
                config, "UPDATE gateway_keys SET seen_at = now() - interval '11 minutes' WHERE highest = 1");
        assertThat(run(destroy)).isZero();
        assertThat(Keyring.open(data, new SecureRandom()).kekIds()).containsOnlyKeys(2);
    }

    private String signingKeys() throws Exception {
        return String.join(
                " ",
                SigningKeys.open(data, Clock.systemUTC(), new SecureRandom())
                        .activeFrom()
                        .keySet());
    }

    private static String[] on(DatabaseConfig config, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--set=database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database());
        all.add("--set=database.user=" + config.ownerUser());
        all.add("--set=database.password=" + config.ownerPassword());
        return all.toArray(String[]::new);
    }

    private int run(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--set=data.dir=" + data;
        boolean group = arguments.length == 1;
        return new CommandLine(new OctroiCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(group ? arguments : all);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 20 seconds", e);
        }
    }
}
