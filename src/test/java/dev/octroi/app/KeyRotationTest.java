package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.DevPki;
import dev.octroi.pki.TrustDomain;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.rsp.profile.TestPackages;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.SealedPlaces;
import dev.octroi.secret.Sealer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys that seal are replaced under everything that a gateway keeps, and nothing is lost with the old one. */
class KeyRotationTest {
    private static final String ADMIN = "/admin/v1/tenants/ten_0000000000001";
    private static final Clock CLOCK = Clock.systemUTC();
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path data;

    private RunningGateway server;
    private GsmaTestPki gsma;

    @BeforeEach
    void start() throws Exception {
        // Nothing takes mail there; an address is taken nevertheless.
        server = new RunningGateway(
                data,
                "public.url=https://octroi.localhost",
                "mail.host=localhost",
                "mail.port=1",
                "mail.from=notices@shop.example");
        gsma = GsmaTestPki.open(data.resolve("pki/gsma"), List.of("localhost"), CLOCK, RANDOM);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void everySealedColumnIsSealedAnewAndProfilesAreDownloadedAfterTheOldKeyIsDestroyed() throws Exception {
        stock();
        List<String> sold = sold();
        assertThat(download(sold.get(0), 901)).isEqualTo(1);
        seedTheRest();
        JsonObject address = new JsonObject().put("mail", "ann@traveller.example");
        server.reseller(HttpMethod.PUT, sold.get(0) + "/notices", address, 200);
        assertThat(emptyColumns()).isEmpty();

        Instant longAgo = Instant.now().minus(Duration.ofDays(1));
        Keyring keyring = Keyring.open(data, RANDOM);
        assertThat(keyring.rotate(RANDOM, longAgo)).isEqualTo(2);
        server.restart();
        try (CommandDatabase connected = CommandDatabase.open(server.settings())) {
            Resealing resealing = Resealing.open(server.settings(), connected);
            assertThat(resealing.use()).containsKey(1);
            List<String> progress = new ArrayList<>();
            Resealing.Outcome done = resealing.run(progress::add);
            assertThat(done.unreadable()).isZero();
            assertThat(progress).hasSize(SealedColumn.ALL.size() + 1);
            assertThat(progress.stream().filter(line -> line.endsWith(": 0")))
                    .as(
                            "only what the gateway may have protected anew itself meanwhile, and sessions that nobody opened")
                    .isSubsetOf("rsp_protected.keys_sealed: 0", "charging_session.notify_to: 0");
            assertThat(resealing.run(line -> {})).isEqualTo(new Resealing.Outcome(0, 0, 0));
        }
        assertThat(underKey(1)).isEmpty();
        keyring.destroy(1, Instant.now());
        server.restart();

        assertThat(download(sold.get(1), 902)).isEqualTo(1);
        assertThat(server.reseller(HttpMethod.GET, sold.get(0) + "/notices", null, 200)
                        .getString("mail"))
                .isEqualTo("a***@traveller.example");
    }

    @Test
    void everyColumnOfTheSchemaThatIsSealedIsKnown() throws Exception {
        List<String> known = new ArrayList<>();
        SealedColumn.ALL.forEach(column -> known.add(column.table() + "." + column.column()));
        known.add("rsp_session.state_sealed");
        assertThat(server.rows("SELECT table_name || '.' || column_name FROM information_schema.columns"
                        + " WHERE table_schema = 'public' AND column_name LIKE '%_sealed' ORDER BY 1"))
                .isSubsetOf(known);
    }

    @Test
    void everyPlaceThatIsSealedForIsSealedAnewOrGoesByItself() {
        Set<String> known = new TreeSet<>();
        SealedColumn.ALL.forEach(column -> known.add(column.table() + "." + column.place()));
        SealedPlaces.ALL.stream()
                .filter(place -> SealedColumn.PASSING.containsKey(place.substring(0, place.indexOf('.'))))
                .forEach(known::add);
        assertThat(known).containsExactlyInAnyOrderElementsOf(SealedPlaces.ALL);
        assertThat(SealedPlaces.ALL.stream().map(place -> place.substring(0, place.indexOf('.'))))
                .containsAll(SealedColumn.PASSING.keySet());
    }

    private void stock() throws Exception {
        JsonObject body = new JsonObject()
                .put("name", "operator-k")
                .put("serviceProviderName", "Operator")
                .put("profileName", "Operator travel")
                .put("owner", new JsonObject().put("plmn", "208-93"))
                .put("package", Base64.getEncoder().encodeToString(TestPackages.operator()));
        assertThat(server.send(server.admin, HttpMethod.POST, ADMIN + "/profile-types", body, "type")
                        .statusCode())
                .isEqualTo(201);
    }

    /** Subscriptions, one of them with a confirmation code in its profile. */
    private List<String> sold() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        List<String> paths = new ArrayList<>();
        server.order(plan, 3, 201)
                .getJsonArray("subscriptions")
                .forEach(each -> paths.add("/v1/subscriptions/" + ((JsonObject) each).getString("id")));
        JsonObject reset = new JsonObject().put("reason", "at the shop").put("confirmationCode", "4711");
        server.reseller(HttpMethod.POST, paths.get(2) + "/reset-download", reset, 200);
        return paths;
    }

    /** How many profiles a new card holds after the download. */
    private int download(String path, int card) throws Exception {
        String code =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        VirtualEuicc euicc = VirtualEuicc.create(gsma, GsmaEid.test(card), CLOCK, RANDOM);
        try (Lpa lpa =
                new Lpa(euicc, LpaTrust.of(List.of(gsma.material().ci().certificateDer())), LpaSettings.standard())) {
            lpa.download(code);
        }
        return euicc.profiles().size();
    }

    /** What this gateway has no partner for is written as its features write it. */
    private void seedTheRest() throws Exception {
        Sealer sealer = new Sealer(Keyring.open(data, RANDOM), RANDOM, CLOCK);
        String secret = hex(sealer.sealText(Aad.of(1, "webhook_endpoint", "secret_sealed", 7), "secret"));
        server.execute("INSERT INTO webhook_endpoint (tenant_id, id, vshard, url, secret_sealed, previous_sealed,"
                + " created_at) VALUES (1, 7, 1, 'https://shop.example/', " + secret + ", " + secret + ", now())");
        server.execute("INSERT INTO profile_order (tenant_id, vshard, profile_id, profile_type, profile_name, state,"
                + " matching_sealed, next_at, created_at) VALUES (1, 1, 8, 'x', 'x', 'failed', "
                + hex(sealer.sealText(Aad.of(1, "profile_order", "matching_sealed", 8), "MATCH")) + ", now(), now())");
        server.execute("INSERT INTO spending_limit (vshard, tenant_id, account_id, number, partner_id, context,"
                + " counters, expires_at, told) VALUES (1, 1, 9, 10, 11, "
                + hex(sealer.sealText(Aad.of(1, "spending_limit", "context", 10), "{}"))
                + ", '{}', now() + interval '1 hour', '')");
        long profile = Long.parseLong(server.rows("SELECT id::text FROM profile WHERE confirmation_sealed IS NOT NULL")
                .getFirst());
        server.execute("INSERT INTO rsp_package (tenant_id, vshard, profile_id, package, bound_at)"
                + " SELECT 1, vshard, id, "
                + hex(sealer.sealText(Aad.of(1, "rsp_package", "package", profile), "bound"))
                + ", now() FROM profile WHERE id = " + profile);
        server.execute("INSERT INTO rsp_protected (tenant_id, vshard, profile_id, order_no, keys_sealed, segments,"
                + " protected_at) SELECT 1, vshard, id, 99, "
                + hex(sealer.sealText(new Aad(1, "rsp_protected", "keys_sealed", profile + "|99"), "keys"))
                + ", '', now() FROM profile WHERE id = " + profile
                + " ON CONFLICT (tenant_id, vshard, profile_id) DO NOTHING");
        String name = "qod";
        JsonObject partner = new JsonObject()
                .put("name", name)
                .put("domain", TrustDomain.NETWORK.label())
                .put("operations", new JsonArray().add("usage:report"))
                .put(
                        "certificate",
                        Files.readString(DevPki.ensure(data.resolve("pki"), CLOCK, RANDOM)
                                .domain(TrustDomain.NETWORK)
                                .client(name)
                                .chain()))
                .put("connector", new JsonObject("""
                        {"kind":"camara_qod","apiRoot":"https://api.example.com/qod/v0.3/","trust":"public",
                         "device":{"by":"imsi","realm":"iot.example.com"},
                         "speeds":[{"kbpsDown":128,"qosProfile":"QOS_128K"}],"suspendedData":"QOS_BLOCKED",
                         "oauth":{"tokenUrl":"https://auth.example.com/token","clientId":"octroi",
                                  "clientSecret":"top","scope":"qos"}}"""));
        HttpResponse<Buffer> registered =
                server.send(server.admin, HttpMethod.POST, "/admin/v1/partners", partner, "partner");
        assertThat(registered.statusCode()).as(registered.bodyAsString()).isEqualTo(201);
    }

    private List<String> emptyColumns() throws Exception {
        List<String> empty = new ArrayList<>();
        for (SealedColumn column : SealedColumn.ALL) {
            String sql =
                    "SELECT count(*)::text FROM %s WHERE %s IS NOT NULL".formatted(column.table(), column.column());
            if (server.rows(sql).equals(List.of("0"))) {
                empty.add(column.table() + "." + column.column());
            }
        }
        return empty;
    }

    private List<String> underKey(int kekId) throws Exception {
        List<String> found = new ArrayList<>();
        for (SealedColumn column : SealedColumn.ALL) {
            String sql = "SELECT 1 FROM %s WHERE get_byte(%2$s, 1) * 256 + get_byte(%2$s, 2) = %3$d"
                    .formatted(column.table(), column.column(), kekId);
            if (!server.rows(sql).isEmpty()) {
                found.add(column.table() + "." + column.column());
            }
        }
        return found;
    }

    private static String hex(byte[] bytes) {
        return "'\\x" + HexFormat.of().formatHex(bytes) + "'::bytea";
    }
}
