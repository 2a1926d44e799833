package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.TrustDomain;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminApiTest {
    private static final String ALL = "tenants:write clients:write partners:write audit:read plans:read";
    private static final String OPERATOR = "0/root/" + ALL;

    private static AdminServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void tenantIsCreatedOnceAndAudited() throws Exception {
        JsonObject body = new JsonObject().put("slug", "once").put("name", "Once");
        HttpResponse<Buffer> first = server.call(OPERATOR, HttpMethod.POST, "/tenants", body, "same", null);
        HttpResponse<Buffer> second = server.call(OPERATOR, HttpMethod.POST, "/tenants", body, "same", null);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.bodyAsString()).isEqualTo(first.bodyAsString());
        assertThat(second.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(code(server.call(OPERATOR, HttpMethod.POST, "/tenants", body)))
                .isEqualTo("slug_taken");
        String id = first.bodyAsJsonObject().getString("id");
        JsonObject audit = server.call(OPERATOR, HttpMethod.GET, "/tenants/" + id + "/audit", null)
                .bodyAsJsonObject();
        assertThat(audit.getJsonArray("items")).hasSize(1);
        JsonObject entry = audit.getJsonArray("items").getJsonObject(0).getJsonObject("entry");
        assertThat(entry.getString("action")).isEqualTo("tenant.created");
        assertThat(entry.getString("actor")).isEqualTo("root");
        assertThat(entry.getString("tokenId")).isEqualTo("jti-1");
    }

    @Test
    void clientSecretIsShownOnceAndClientsAreListedPageByPage() throws Exception {
        String tenant = tenant("clients");
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            HttpResponse<Buffer> created = server.call(
                    OPERATOR, HttpMethod.POST, "/tenants/" + tenant + "/clients", client("c" + i, "plans:read"));
            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(created.bodyAsJsonObject().getString("clientSecret")).hasSizeGreaterThan(40);
            made.add(created.bodyAsJsonObject().getString("clientId"));
        }
        Set<String> listed = new HashSet<>();
        String after = "";
        for (int page = 0; page < 3; page++) {
            JsonObject answer = server.call(
                            OPERATOR, HttpMethod.GET, "/tenants/" + tenant + "/clients?limit=1" + after, null)
                    .bodyAsJsonObject();
            JsonObject item = answer.getJsonArray("items").getJsonObject(0);
            assertThat(item.fieldNames()).doesNotContain("clientSecret");
            listed.add(item.getString("clientId"));
            after = "&after=" + answer.getString("next");
            assertThat(answer.getString("next") == null).isEqualTo(page == 2);
        }
        assertThat(listed).isEqualTo(made);
        String one = made.iterator().next();
        String path = "/tenants/" + tenant + "/clients/" + one;
        assertThat(server.call(OPERATOR, HttpMethod.DELETE, path, null).statusCode())
                .isEqualTo(204);
        assertThat(server.call(OPERATOR, HttpMethod.DELETE, path, null).statusCode())
                .isEqualTo(404);
    }

    @Test
    void tenantIsDisabledAndEnabledWithAReasonThatTheAuditKeeps() throws Exception {
        String tenant = tenant("ending");
        String path = "/tenants/" + tenant;
        JsonObject reason = new JsonObject().put("reason", "Bankrupt");
        for (int i = 0; i < 2; i++) {
            HttpResponse<Buffer> disabled = server.call(OPERATOR, HttpMethod.POST, path + "/disable", reason);
            assertThat(disabled.statusCode()).isEqualTo(200);
            assertThat(disabled.bodyAsJsonObject().getBoolean("disabled")).isTrue();
        }
        assertThat(server.call(OPERATOR, HttpMethod.GET, path, null)
                        .bodyAsJsonObject()
                        .getBoolean("disabled"))
                .isTrue();
        assertThat(server.call(OPERATOR, HttpMethod.POST, path + "/disable", new JsonObject())
                        .statusCode())
                .isEqualTo(400);
        JsonArray rows = server.call(OPERATOR, HttpMethod.GET, path + "/audit", null)
                .bodyAsJsonObject()
                .getJsonArray("items");
        assertThat(rows).as("created, and disabled once").hasSize(2);
        JsonObject entry = rows.getJsonObject(0).getJsonObject("entry");
        assertThat(entry.getString("action")).isEqualTo("tenant.disabled");
        assertThat(entry.getString("reason")).isEqualTo("Bankrupt");
        HttpResponse<Buffer> enabled = server.call(OPERATOR, HttpMethod.POST, path + "/enable", reason);
        assertThat(enabled.bodyAsJsonObject().getBoolean("disabled")).isFalse();
        assertThat(server.call(OPERATOR, HttpMethod.POST, "/tenants/ten_00000000ZZZZZ/disable", reason)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void auditOfOneObjectIsListedByPages() throws Exception {
        String tenant = tenant("watched");
        String path = "/tenants/" + tenant;
        JsonObject reason = new JsonObject().put("reason", "Unpaid");
        String client = server.call(OPERATOR, HttpMethod.POST, path + "/clients", client("shop", "plans:read"))
                .bodyAsJsonObject()
                .getString("clientId");
        server.call(OPERATOR, HttpMethod.POST, path + "/disable", reason);
        server.call(OPERATOR, HttpMethod.POST, path + "/enable", reason);
        String list = path + "/audit?limit=1&objectId=" + client;
        JsonObject page = server.call(OPERATOR, HttpMethod.GET, list, null).bodyAsJsonObject();
        assertThat(page.getJsonArray("items")
                        .getJsonObject(0)
                        .getJsonObject("entry")
                        .getString("action"))
                .isEqualTo("client.created");
        assertThat(page.getString("next")).as("nothing else was done to it").isNull();
        list = path + "/audit?limit=1&objectId=" + tenant;
        String next = server.call(OPERATOR, HttpMethod.GET, list, null)
                .bodyAsJsonObject()
                .getString("next");
        assertThat(server.call(OPERATOR, HttpMethod.GET, list + "&after=" + next, null)
                        .bodyAsJsonObject()
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getJsonObject("entry")
                        .getString("action"))
                .isEqualTo("tenant.disabled");
        assertThat(server.call(OPERATOR, HttpMethod.GET, path + "/audit?limit=1&after=" + next, null)
                        .statusCode())
                .as("a cursor of another list")
                .isEqualTo(400);
    }

    @Test
    void secretIsRotatedOnceAndNotTwiceWhileBothAreGood() throws Exception {
        String tenant = tenant("rotating");
        String clients = "/tenants/" + tenant + "/clients";
        JsonObject made = server.call(OPERATOR, HttpMethod.POST, clients, client("shop", "plans:read"))
                .bodyAsJsonObject();
        String path = clients + "/" + made.getString("clientId") + "/rotate-secret";
        JsonObject overlap = new JsonObject().put("overlapSeconds", 600);
        HttpResponse<Buffer> first = server.call(OPERATOR, HttpMethod.POST, path, overlap, "rotate-1", null);
        JsonObject rotated = first.bodyAsJsonObject();
        assertThat(rotated.getString("clientSecret"))
                .hasSize(made.getString("clientSecret").length())
                .isNotEqualTo(made.getString("clientSecret"));
        assertThat(rotated.getString("clientId")).isEqualTo(made.getString("clientId"));
        assertThat(rotated.getString("previousSecretUntil")).isNotNull();
        HttpResponse<Buffer> again = server.call(OPERATOR, HttpMethod.POST, path, overlap, "rotate-1", null);
        assertThat(again.bodyAsString()).isEqualTo(first.bodyAsString());
        assertThat(code(server.call(OPERATOR, HttpMethod.POST, path, overlap))).isEqualTo("rotation_under_way");
        JsonObject atOnce = server.call(OPERATOR, HttpMethod.POST, path, new JsonObject().put("overlapSeconds", 0))
                .bodyAsJsonObject();
        assertThat(atOnce.getString("previousSecretUntil")).isNull();
        String audit = server.call(OPERATOR, HttpMethod.GET, "/tenants/" + tenant + "/audit", null)
                .bodyAsString();
        assertThat(audit)
                .contains("client.secret_rotated")
                .doesNotContain(rotated.getString("clientSecret"), atOnce.getString("clientSecret"));
        server.call(OPERATOR, HttpMethod.DELETE, path.replace("/rotate-secret", ""), null);
        assertThat(server.call(OPERATOR, HttpMethod.POST, path, overlap).statusCode())
                .isEqualTo(404);
    }

    /** Whoever gets a client's secret may do what it may. */
    @Test
    void nobodyGetsTheSecretOfAClientThatMayDoMore() throws Exception {
        String tenant = tenant("more");
        long number = dev.octroi.db.PublicId.TENANT.parse(tenant).orElseThrow();
        String clients = "/tenants/" + tenant + "/clients";
        String strong = server.call(OPERATOR, HttpMethod.POST, clients, client("orders", "orders:write"))
                .bodyAsJsonObject()
                .getString("clientId");
        String path = clients + "/" + strong + "/rotate-secret";
        String weak = number + "/manager/clients:write plans:read";
        assertThat(code(server.call(weak, HttpMethod.POST, path, new JsonObject())))
                .isEqualTo("insufficient_scope");
        String aimed = number + "/manager/clients:write orders:write/action:notify";
        assertThat(code(server.call(aimed, HttpMethod.POST, path, new JsonObject())))
                .isEqualTo("outside_targets");
        assertThat(server.call(number + "/manager/clients:write orders:write", HttpMethod.POST, path, new JsonObject())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void cursorOfAnotherTenantIsRefused() throws Exception {
        String mine = tenant("cursor-a");
        String other = tenant("cursor-b");
        for (int i = 0; i < 2; i++) {
            server.call(OPERATOR, HttpMethod.POST, "/tenants/" + mine + "/clients", client("c" + i, "plans:read"));
        }
        String next = server.call(OPERATOR, HttpMethod.GET, "/tenants/" + mine + "/clients?limit=1", null)
                .bodyAsJsonObject()
                .getString("next");
        assertThat(code(server.call(
                        OPERATOR, HttpMethod.GET, "/tenants/" + other + "/clients?limit=1&after=" + next, null)))
                .isEqualTo("invalid_cursor");
    }

    @Test
    void tenantsOwnTokenReachesItselfOnlyAndGivesNoMoreThanItHas() throws Exception {
        String mine = tenant("own");
        String other = tenant("other");
        int number = Integer.parseInt(
                String.valueOf(dev.octroi.db.PublicId.TENANT.parse(mine).orElseThrow()));
        String own = number + "/manager/clients:write plans:read tenants:write partners:write audit:read";
        assertThat(server.call(own, HttpMethod.POST, "/tenants/" + mine + "/clients", client("shop", "plans:read"))
                        .statusCode())
                .isEqualTo(201);
        assertThat(code(server.call(
                        own, HttpMethod.POST, "/tenants/" + mine + "/clients", client("shop", "orders:write"))))
                .isEqualTo("insufficient_scope");
        for (String path : new String[] {"/tenants/" + other + "/clients", "/tenants/" + other + "/audit"}) {
            assertThat(server.call(own, HttpMethod.GET, path, null).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(code(server.call(own, HttpMethod.GET, "/tenants", null))).isEqualTo("operator_only");
        assertThat(code(server.call(own, HttpMethod.GET, "/partners?domain=network", null)))
                .isEqualTo("operator_only");
        assertThat(code(server.call(
                        number + "/clerk/plans:read", HttpMethod.GET, "/tenants/" + mine + "/clients", null)))
                .isEqualTo("insufficient_scope");
    }

    @Test
    void unknownScopeAndUnknownTenantAreRefused() throws Exception {
        String tenant = tenant("unknown");
        assertThat(code(server.call(
                        OPERATOR, HttpMethod.POST, "/tenants/" + tenant + "/clients", client("a", "usage:self"))))
                .isEqualTo("unknown_scope");
        assertThat(server.call(
                                OPERATOR,
                                HttpMethod.POST,
                                "/tenants/ten_00000000ZZZZZ/clients",
                                client("a", "plans:read"))
                        .statusCode())
                .isEqualTo(404);
        JsonObject extra = client("a", "plans:read").put("tenantId", 1);
        assertThat(server.call(OPERATOR, HttpMethod.POST, "/tenants/" + tenant + "/clients", extra)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void partnerIsRegisteredByItsCertificate() throws Exception {
        Path chain = server.pki.domain(TrustDomain.NETWORK).client("pcf").chain();
        JsonObject body = new JsonObject()
                .put("name", "home-network")
                .put("domain", "network")
                .put("certificate", Files.readString(chain))
                .put("operations", new JsonArray().add("usage:report"))
                .put("imsiPrefixes", new JsonArray().add("20899"))
                .put("callbackUrl", "https://127.0.0.1:9443/policies");
        assertThat(server.call(OPERATOR, HttpMethod.POST, "/partners", body).statusCode())
                .isEqualTo(201);
        JsonArray listed = server.call(OPERATOR, HttpMethod.GET, "/partners?domain=network", null)
                .bodyAsJsonObject()
                .getJsonArray("items");
        assertThat(listed).hasSize(1);
        assertThat(listed.getJsonObject(0).getString("callbackUrl")).isEqualTo("https://127.0.0.1:9443/policies");
        assertThat(code(server.call(
                        OPERATOR, HttpMethod.POST, "/partners", body.copy().put("name", "second"))))
                .isEqualTo("key_taken");
        JsonObject broken =
                body.copy().put("certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
        assertThat(server.call(OPERATOR, HttpMethod.POST, "/partners", broken).statusCode())
                .isEqualTo(400);
    }

    /** Who registers one believes that stolen tokens are worth nothing without it. */
    @Test
    void partnerOfADomainThatNobodyTrustsIsRefused() throws Exception {
        JsonObject body = new JsonObject()
                .put("name", "travel-shop")
                .put("domain", "reseller")
                .put(
                        "certificate",
                        Files.readString(server.pki
                                .domain(TrustDomain.RESELLER)
                                .client("travel-shop")
                                .chain()))
                .put("operations", new JsonArray().add("usage:report"));
        HttpResponse<Buffer> response = server.call(OPERATOR, HttpMethod.POST, "/partners", body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsString()).contains("#/domain");
        assertThat(server.call(OPERATOR, HttpMethod.GET, "/partners?domain=reseller", null)
                        .bodyAsJsonObject()
                        .getJsonArray("items"))
                .isEmpty();
    }

    @Test
    void partnerOfATenantThatDoesNotExistIsRefused() throws Exception {
        Path chain = server.pki.domain(TrustDomain.SM_DP).client("nowhere").chain();
        JsonObject body = new JsonObject()
                .put("name", "nowhere")
                .put("domain", "sm-dp")
                .put("tenantId", "ten_00000000000ZZ")
                .put("certificate", Files.readString(chain))
                .put("operations", new JsonArray().add("es2:order"));
        HttpResponse<Buffer> response = server.call(OPERATOR, HttpMethod.POST, "/partners", body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsString()).contains("#/tenantId");
        assertThat(server.call(OPERATOR, HttpMethod.GET, "/partners?domain=sm-dp", null)
                        .bodyAsString())
                .doesNotContain("nowhere");
    }

    @Test
    void chargingTermsOfAPartnerAreReplacedAndAudited() throws Exception {
        Path chain = server.pki.domain(TrustDomain.SM_DP).client("smf").chain();
        JsonObject body = new JsonObject()
                .put("name", "smf")
                .put("domain", "sm-dp")
                .put("certificate", Files.readString(chain))
                .put("operations", new JsonArray().add("nchf:charge"));
        JsonObject registered =
                server.call(OPERATOR, HttpMethod.POST, "/partners", body).bodyAsJsonObject();
        assertThat(registered.getJsonObject("charging").getString("profile")).isEqualTo("strict");
        String path = "/partners/" + registered.getString("id") + "/charging";
        assertThat(registered.getJsonObject("charging").getString("offline")).isEqualTo("count");
        JsonObject wanted = new JsonObject()
                .put("profile", "free5gc")
                .put("notifyHosts", new JsonArray().add("smf.core.example"))
                .put("offline", "ignore");
        HttpResponse<Buffer> replaced = server.call(OPERATOR, HttpMethod.PUT, path, wanted);
        assertThat(replaced.statusCode()).isEqualTo(200);
        assertThat(replaced.bodyAsJsonObject().getJsonObject("charging")).isEqualTo(wanted);
        JsonObject entry = server.call(OPERATOR, HttpMethod.GET, "/tenants/ten_0000000000000/audit?limit=1", null)
                .bodyAsJsonObject()
                .getJsonArray("items")
                .getJsonObject(0)
                .getJsonObject("entry");
        assertThat(entry.getString("action")).isEqualTo("partner.charging_changed");
        assertThat(entry.getJsonObject("after")).isEqualTo(wanted);
        assertThat(server.call(OPERATOR, HttpMethod.PUT, path, new JsonObject().put("profile", "other"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.call(OPERATOR, HttpMethod.PUT, "/partners/partner_0000000000001/charging", wanted)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void es2TermsOfAPartnerAreReplacedAndAudited() throws Exception {
        Path chain = server.pki.domain(TrustDomain.SM_DP).client("mno").chain();
        JsonObject body = new JsonObject()
                .put("name", "mno")
                .put("domain", "sm-dp")
                .put("certificate", Files.readString(chain))
                .put("operations", new JsonArray().add("es2:order"))
                .put("es2", new JsonObject().put("notificationPreset", "lifecycle"));
        JsonObject registered =
                server.call(OPERATOR, HttpMethod.POST, "/partners", body).bodyAsJsonObject();
        assertThat(registered.getJsonObject("es2").getJsonObject("notificationPoints"))
                .contains(java.util.Map.entry("enabled", 101), java.util.Map.entry("installed", 4));
        String path = "/partners/" + registered.getString("id") + "/es2";
        JsonObject wanted = new JsonObject()
                .put("functionRequesterIdentifier", "2.999.77")
                .put("profileTypes", new JsonArray().add("gold"))
                .put("notificationPoints", new JsonObject().put("installed", 4).put("deleted", 9));
        HttpResponse<Buffer> replaced = server.call(OPERATOR, HttpMethod.PUT, path, wanted);
        assertThat(replaced.statusCode()).isEqualTo(200);
        assertThat(replaced.bodyAsJsonObject().getJsonObject("es2")).isEqualTo(wanted);
        JsonObject entry = server.call(OPERATOR, HttpMethod.GET, "/tenants/ten_0000000000000/audit?limit=1", null)
                .bodyAsJsonObject()
                .getJsonArray("items")
                .getJsonObject(0)
                .getJsonObject("entry");
        assertThat(entry.getString("action")).isEqualTo("partner.es2_changed");
        assertThat(entry.getJsonObject("before")
                        .getJsonObject("notificationPoints")
                        .getInteger("enabled"))
                .isEqualTo(101);
        assertThat(entry.getJsonObject("after")).isEqualTo(wanted);
        assertThat(server.call(OPERATOR, HttpMethod.POST, "/partners", body)
                        .bodyAsJsonObject()
                        .getString("id"))
                .as("a replaced partner keeps its identifier")
                .isEqualTo(registered.getString("id"));
        JsonObject both = wanted.copy().put("notificationPreset", "standard");
        assertThat(server.call(OPERATOR, HttpMethod.PUT, path, both).statusCode())
                .isEqualTo(400);
        JsonObject unknown = new JsonObject().put("notificationPoints", new JsonObject().put("invented", 1));
        assertThat(server.call(OPERATOR, HttpMethod.PUT, path, unknown).statusCode())
                .isEqualTo(400);
        assertThat(server.call(OPERATOR, HttpMethod.PUT, "/partners/partner_0000000000001/es2", wanted)
                        .statusCode())
                .isEqualTo(404);
    }

    private static String tenant(String slug) throws Exception {
        return server.call(
                        OPERATOR,
                        HttpMethod.POST,
                        "/tenants",
                        new JsonObject().put("slug", slug).put("name", slug))
                .bodyAsJsonObject()
                .getString("id");
    }

    private static JsonObject client(String name, String scope) {
        return new JsonObject().put("name", name).put("scopes", new JsonArray().add(scope));
    }

    private static String code(HttpResponse<Buffer> response) {
        return response.bodyAsJsonObject().getString("code");
    }
}
