package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.rsp.profile.TestPackages;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans that sell an operator's profiles: from the imported stock to the subscription on a card. */
class StockOrderTest {
    private static final String ADMIN = "/admin/v1/tenants/ten_0000000000001";

    @TempDir
    static Path data;

    private static RunningGateway server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningGateway(data);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void orderTakesProfilesOfThePlansTypeAndTheirSubscriptionsFollowThemToTheCard() throws Exception {
        byte[] unprotected = operatorPackage();
        type("operator-a", unprotected);
        stock("operator-a", 100, 3);
        JsonObject order = server.order(plan("operator-a"), 2, 201);
        assertThat(order.getString("status")).isEqualTo("completed");
        assertThat(available("operator-a")).isEqualTo(1);

        String path = "/v1/subscriptions/"
                + order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
        String iccid = server.reseller(HttpMethod.GET, path, null, 200)
                .getJsonObject("profile")
                .getString("iccid");
        assertThat(iccid).isIn(iccid(100), iccid(101), iccid(102));
        JsonObject activation = server.reseller(HttpMethod.GET, path + "/activation", null, 200);
        GsmaTestPki gsma =
                GsmaTestPki.open(data.resolve("pki/gsma"), List.of("localhost"), Clock.systemUTC(), new SecureRandom());
        VirtualEuicc card = VirtualEuicc.create(gsma, GsmaEid.test(815), Clock.systemUTC(), new SecureRandom());
        try (Lpa lpa =
                new Lpa(card, LpaTrust.of(List.of(gsma.material().ci().certificateDer())), LpaSettings.standard())) {
            assertThat(lpa.download(activation.getString("code")).iccid()).isEqualTo(iccid);
        }
        assertThat(card.profiles()).singleElement().satisfies(installed -> {
            assertThat(installed.serviceProvider()).isEqualTo("Operator");
            assertThat(installed.sizeBytes()).isEqualTo(unprotected.length);
        });

        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(server.reseller(HttpMethod.GET, path, null, 200)
                                .getJsonObject("profile")
                                .getString("state"))
                        .isEqualTo("installed"));
        String subscription = path.substring(path.lastIndexOf('/') + 1);
        JsonObject reset = server.reseller(
                HttpMethod.POST, path + "/reset-download", new JsonObject().put("reason", "lost phone"), 409);
        assertThat(reset.getString("code"))
                .as("the profile of this subscription")
                .isEqualTo("on_a_card");
        assertThat(server.rows(
                        "SELECT type FROM event WHERE data->>'subscription' = '" + subscription + "' ORDER BY id"))
                .contains("order.completed", "profile.download_progress", "profile.installed");
        await("the plan begins with the installation")
                .atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(server.reseller(HttpMethod.GET, path + "/balance", null, 200)
                                .encode())
                        .contains("endsAt"));
        assertThat(server.rows("SELECT l.kind FROM subscription s JOIN profile p ON p.id = s.profile_id"
                        + " JOIN account_link l ON l.account_id = s.account_id AND l.hash IN (p.iccid_idx, p.imsi_idx)"
                        + " WHERE p.profile_type = 'operator-a'"))
                .as("the network's records of the profile's own numbers find the account")
                .containsExactlyInAnyOrder("ICCID", "IMSI", "ICCID", "IMSI");
    }

    @Test
    void orderThatTheStockCannotServeTakesNothingAndAKeyTakesItsProfilesOnce() throws Exception {
        type("operator-b", TestPackages.operator());
        stock("operator-b", 200, 1);
        String plan = plan("operator-b");
        String key = UUID.randomUUID().toString();
        JsonObject wanted = new JsonObject().put("planId", plan).put("quantity", 2);
        HttpResponse<Buffer> refused = server.send(server.reseller, HttpMethod.POST, "/v1/orders", wanted, key);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("out_of_stock");
        assertThat(available("operator-b")).isEqualTo(1);

        stock("operator-b", 201, 4);
        assertThat(server.send(server.reseller, HttpMethod.POST, "/v1/orders", wanted, key)
                        .getHeader("Idempotency-Replayed"))
                .as("a refusal is kept like every answer")
                .isEqualTo("true");
        String next = UUID.randomUUID().toString();
        JsonObject first = server.send(server.reseller, HttpMethod.POST, "/v1/orders", wanted, next)
                .bodyAsJsonObject();
        JsonObject again = server.send(server.reseller, HttpMethod.POST, "/v1/orders", wanted, next)
                .bodyAsJsonObject();
        assertThat(first.getString("status")).isEqualTo("completed");
        assertThat(again).isEqualTo(first);
        assertThat(available("operator-b")).isEqualTo(3);
    }

    @Test
    void orderThatFailsOnItsWayGivesItsProfilesBackAndItsKeyTakesThemLater() throws Exception {
        type("operator-f", TestPackages.operator());
        stock("operator-f", 600, 3);
        JsonObject wanted = new JsonObject().put("planId", plan("operator-f")).put("quantity", 2);
        String key = UUID.randomUUID().toString();
        server.execute("CREATE FUNCTION refuse_link() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'not now'; END $$");
        server.execute("CREATE TRIGGER refuse_link BEFORE INSERT ON account_link EXECUTE FUNCTION refuse_link()");
        try {
            assertThat(server.send(server.reseller, HttpMethod.POST, "/v1/orders", wanted, key)
                            .statusCode())
                    .isEqualTo(500);
        } finally {
            server.execute("DROP TRIGGER refuse_link ON account_link");
        }
        assertThat(available("operator-f")).isEqualTo(3);
        assertThat(server.send(server.reseller, HttpMethod.POST, "/v1/orders", wanted, key)
                        .statusCode())
                .isEqualTo(201);
        assertThat(available("operator-f")).isEqualTo(1);
    }

    @Test
    void ordersAtTheSameTimeNeverShareAProfile() throws Exception {
        type("operator-c", TestPackages.operator());
        stock("operator-c", 300, 7);
        String plan = plan("operator-c");
        List<Future<HttpResponse<Buffer>>> sent = IntStream.range(0, 6)
                .mapToObj(n -> server.begin(
                        server.reseller,
                        HttpMethod.POST,
                        "/v1/orders",
                        new JsonObject().put("planId", plan).put("quantity", 2),
                        UUID.randomUUID().toString()))
                .toList();
        Future.join(sent).await(60, TimeUnit.SECONDS);
        long placed =
                sent.stream().filter(each -> each.result().statusCode() == 201).count();
        assertThat(sent)
                .allSatisfy(each -> assertThat(each.result().statusCode()).isIn(201, 422));
        assertThat(placed).isBetween(1L, 3L);
        assertThat(available("operator-c")).isEqualTo(7 - 2 * placed);
        assertThat(server.rows("SELECT count(DISTINCT s.profile_id) FROM subscription s"
                        + " JOIN profile p ON p.id = s.profile_id WHERE p.profile_type = 'operator-c'"))
                .containsExactly(Long.toString(2 * placed));
    }

    @Test
    void planMayNameAnExistingTypeOnlyAndSellsNothingOfARetiredOne() throws Exception {
        assertThat(server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan("no-such-type"), 422)
                        .getString("code"))
                .isEqualTo("unknown_profile_type");
        server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan("-"), 400);
        type("operator-d", TestPackages.operator());
        stock("operator-d", 400, 1);
        String plan = plan("operator-d");
        assertThat(server.reseller(HttpMethod.GET, "/v1/plans/" + plan, null, 200)
                        .getString("profileType"))
                .isEqualTo("operator-d");
        server.send(server.admin, HttpMethod.DELETE, ADMIN + "/profile-types/operator-d", null, "retire");
        assertThat(server.order(plan, 1, 422).getString("code")).isEqualTo("profile_type_retired");
        assertThat(server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan("operator-d"), 422)
                        .getString("code"))
                .isEqualTo("unknown_profile_type");
        assertThat(available("operator-d")).isEqualTo(1);
    }

    @Test
    void profileThatIsASubscriptionsIsNotSoldAgainWhenItsOrderIsTakenBack() throws Exception {
        type("operator-e", TestPackages.operator());
        stock("operator-e", 500, 1);
        String plan = plan("operator-e");
        server.order(plan, 1, 201);
        server.execute("UPDATE profile SET state = 'available' WHERE profile_type = 'operator-e'");
        assertThat(server.order(plan, 1, 422).getString("code")).isEqualTo("out_of_stock");
    }

    @Test
    void profileThatAPlanSellsIsNoOperatorsAnyMore() throws Exception {
        type("operator-g", TestPackages.operator());
        stock("operator-g", 700, 1);
        server.execute("UPDATE profile SET operator_id = 7 WHERE profile_type = 'operator-g'");
        server.order(plan("operator-g"), 1, 201);
        assertThat(server.rows("SELECT state || ' ' || operator_id FROM profile WHERE profile_type = 'operator-g'"))
                .containsExactly("released 0");
    }

    @Test
    void aLostPhoneIsReplacedFromARetiredTypeAndThenFromTheOneThatThePlanSellsByNow() throws Exception {
        type("operator-h", TestPackages.operator());
        stock("operator-h", 800, 2);
        String plan = plan("operator-h");
        String path = "/v1/subscriptions/"
                + server.order(plan, 1, 201)
                        .getJsonArray("subscriptions")
                        .getJsonObject(0)
                        .getString("id");
        type("operator-i", TestPackages.operator());
        stock("operator-i", 900, 1);
        server.send(server.admin, HttpMethod.DELETE, ADMIN + "/profile-types/operator-h", null, "retire-h");
        JsonObject lost = new JsonObject().put("reason", "lost");
        assertThat(iccidOf(server.reseller(HttpMethod.POST, path + "/replace-profile", lost, 200)))
                .as("of the type that was bought")
                .isEqualTo(iccid(801));
        assertThat(server.reseller(HttpMethod.POST, path + "/replace-profile", lost, 422)
                        .getString("code"))
                .isEqualTo("out_of_stock");
        server.replace("/v1/plans/" + plan, RunningGateway.plan("operator-i"));
        assertThat(iccidOf(server.reseller(HttpMethod.POST, path + "/replace-profile", lost, 200)))
                .as("of the plan's new type")
                .isEqualTo(iccid(900));
    }

    private static String iccidOf(JsonObject subscription) {
        return subscription.getJsonObject("profile").getString("iccid");
    }

    @Test
    void planWithoutATypeGetsAProfileMadeForIt() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String subscription = server.order(plan, 1, 201)
                .getJsonArray("subscriptions")
                .getJsonObject(0)
                .getString("id");
        JsonObject profile = server.reseller(HttpMethod.GET, "/v1/subscriptions/" + subscription, null, 200)
                .getJsonObject("profile");
        assertThat(profile.getString("state")).isEqualTo("released");
        assertThat(profile.getString("iccid")).doesNotStartWith("8933990100");
    }

    /** The generic test profile of the GSMA where it is at hand, else the smallest one. */
    private static byte[] operatorPackage() throws Exception {
        List<Path> ts48 = TestPackages.ts48();
        return ts48.isEmpty() ? TestPackages.operator() : Files.readAllBytes(ts48.getFirst());
    }

    private static void type(String name, byte[] unprotected) throws Exception {
        JsonObject body = new JsonObject()
                .put("name", name)
                .put("serviceProviderName", "Operator")
                .put("profileName", "Operator travel")
                .put("owner", new JsonObject().put("plmn", "208-93"))
                .put("package", Base64.getEncoder().encodeToString(unprotected));
        HttpResponse<Buffer> created = server.send(server.admin, HttpMethod.POST, ADMIN + "/profile-types", body, name);
        assertThat(created.statusCode()).as(created.bodyAsString()).isEqualTo(201);
    }

    private static void stock(String type, int first, int count) throws Exception {
        StringBuilder csv = new StringBuilder("iccid,imsi,k,opc\n");
        for (int number = first; number < first + count; number++) {
            csv.append("%s,208930000%06d,465b5ce8b199b49faa5f0a2ee238a6bc,cd63cb71954a9f4e48a5994e37a02baf\n"
                    .formatted(iccid(number), number));
        }
        JsonObject loaded =
                server.upload(ADMIN + "/profile-types/" + type + "/batches/b" + first, "text/csv", csv.toString());
        assertThat(loaded.getInteger("imported")).as(loaded.encode()).isEqualTo(count);
    }

    private static String iccid(int number) {
        return "8933990100%09d".formatted(number);
    }

    private static long available(String type) throws Exception {
        return Long.parseLong(
                server.rows("SELECT count(*) FROM profile WHERE state = 'available' AND profile_type = '" + type + "'")
                        .getFirst());
    }

    private static String plan(String profileType) throws Exception {
        return server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(profileType), 201)
                .getString("id");
    }
}
