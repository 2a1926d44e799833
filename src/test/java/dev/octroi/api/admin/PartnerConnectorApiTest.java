package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.TrustDomain;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How partners of the network are told policies, through the admin API. */
class PartnerConnectorApiTest {
    private static final String OPERATOR = "0/ops/partners:write";
    private static final JsonObject CAMARA = new JsonObject("""
            {"kind":"camara_qod","apiRoot":"https://api.example.com/qos-provisioning/v0.3/","trust":"public",
             "device":{"by":"imsi","realm":"iot.example.com"},
             "speeds":[{"kbpsDown":1024,"qosProfile":"QOS_1M"},{"kbpsDown":128,"qosProfile":"QOS_128K"}],
             "suspendedData":"QOS_BLOCKED",
             "oauth":{"tokenUrl":"https://auth.example.com/token","clientId":"octroi","clientSecret":"top-s3cret",
                      "scope":"qos-provisioning:qos-assignments:create"},
             "fallback":{"kind":"radius","url":"radius://192.0.2.7"}}""");

    private static AdminServer server;
    private static int names;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
    }

    @AfterAll
    static void close() throws Exception {
        server.close();
    }

    @Test
    void theShortFormOfAnAddressIsShownAsAConnectorToo() throws Exception {
        assertThat(register(TrustDomain.NETWORK, "callbackUrl", "https://10.0.0.7:9443/policies")
                        .getJsonObject("connector"))
                .isEqualTo(new JsonObject().put("kind", "signed_http").put("url", "https://10.0.0.7:9443/policies"));
        assertThat(register(TrustDomain.NETWORK, "callbackUrl", "radius://192.0.2.7")
                        .getJsonObject("connector"))
                .isEqualTo(new JsonObject().put("kind", "radius").put("url", "radius://192.0.2.7:3799"));
        assertThat(register(TrustDomain.SM_DP, "callbackUrl", "https://operator.example/")
                        .containsKey("connector"))
                .isFalse();
    }

    @Test
    void aConnectorIsKeptAndItsSecretIsNotShownNorKeptInClear() throws Exception {
        JsonObject partner = register(TrustDomain.NETWORK, "connector", CAMARA);
        JsonObject shown = CAMARA.copy()
                .put("apiRoot", "https://api.example.com/qos-provisioning/v0.3")
                .put(
                        "speeds",
                        new JsonArray()
                                .add(new JsonObject().put("kbpsDown", 128).put("qosProfile", "QOS_128K"))
                                .add(new JsonObject().put("kbpsDown", 1024).put("qosProfile", "QOS_1M")))
                .put("fallback", new JsonObject().put("kind", "radius").put("url", "radius://192.0.2.7:3799"));
        shown.getJsonObject("oauth").remove("clientSecret");
        assertThat(partner.getJsonObject("connector")).isEqualTo(shown);
        JsonObject listed = server.call(OPERATOR, HttpMethod.GET, "/partners?domain=network", null)
                .bodyAsJsonObject();
        assertThat(listed.encode()).contains("qos-provisioning").doesNotContain("top-s3cret");
        assertThat(TestDatabase.rows(
                        server.config,
                        "SELECT count(*)::text FROM partner p, audit a WHERE p::text LIKE '%top-s3cret%'"
                                + " OR a::text LIKE '%top-s3cret%'"))
                .containsExactly("0");
        assertThat(TestDatabase.rows(
                        server.config,
                        "SELECT (connector_secret IS NOT NULL)::text FROM partner WHERE connector IS NOT NULL"
                                + " AND connector->>'kind' = 'camara_qod'"))
                .contains("true");
    }

    @Test
    void aConnectorReplacesTheAddressAndTheNextOneTheConnector() throws Exception {
        JsonObject partner = register(TrustDomain.NETWORK, "callbackUrl", "https://pcf.example/policies");
        String path = "/partners/" + partner.getString("id") + "/connector";
        JsonObject sessions = new JsonObject().put("kind", "3gpp");
        JsonObject changed =
                server.call(OPERATOR, HttpMethod.PUT, path, sessions).bodyAsJsonObject();
        assertThat(changed.getJsonObject("connector")).isEqualTo(sessions);
        assertThat(changed.containsKey("callbackUrl")).isFalse();
        JsonObject http = new JsonObject()
                .put("kind", "signed_http")
                .put("url", "https://pcf.example/policies")
                .put("stateUrl", "https://pcf.example/policies/{subscription}");
        assertThat(server.call(OPERATOR, HttpMethod.PUT, path, http)
                        .bodyAsJsonObject()
                        .getJsonObject("connector"))
                .isEqualTo(http);
        assertThat(TestDatabase.rows(
                        server.config,
                        "SELECT entry::jsonb->'after'->>'stateUrl' FROM audit"
                                + " WHERE entry LIKE '%partner.connector_changed%' ORDER BY seq DESC LIMIT 1"))
                .containsExactly("https://pcf.example/policies/{subscription}");
        assertThat(server.call("7/ops/partners:write", HttpMethod.PUT, path, http)
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.call(OPERATOR, HttpMethod.PUT, "/partners/partner_0000000000000/connector", http)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aPartnerThatIsRegisteredAgainIsWhatTheAnswerSaysAndNothingOfBefore() throws Exception {
        JsonObject body = body(TrustDomain.NETWORK).put("connector", CAMARA);
        String id = server.call(OPERATOR, HttpMethod.POST, "/partners", body)
                .bodyAsJsonObject()
                .getString("id");
        String charging = "/partners/" + id + "/charging";
        JsonObject habits = new JsonObject()
                .put("profile", "free5gc")
                .put("notifyHosts", new JsonArray().add("smf.example"))
                .put("offline", "ignore");
        assertThat(server.call(OPERATOR, HttpMethod.PUT, charging, habits).statusCode())
                .isEqualTo(200);
        JsonObject shop = new JsonObject().put("slug", "shop-of-a-partner").put("name", "Shop");
        String tenant = server.call("0/ops/tenants:write", HttpMethod.POST, "/tenants", shop)
                .bodyAsJsonObject()
                .getString("id");
        JsonObject again = server.call(OPERATOR, HttpMethod.POST, "/partners", body.put("tenantId", tenant))
                .bodyAsJsonObject();
        assertThat(again.getString("id")).isEqualTo(id);
        assertThat(again.getString("tenantId")).isEqualTo(tenant);
        JsonArray listed = server.call(OPERATOR, HttpMethod.GET, "/partners?domain=network", null)
                .bodyAsJsonObject()
                .getJsonArray("items");
        assertThat(listed).contains(again);
        assertThat(again.getJsonObject("charging").getString("profile")).isEqualTo("strict");
        assertThat(again.getJsonObject("charging").getString("offline")).isEqualTo("count");
        assertThat(TestDatabase.rows(
                        server.config,
                        "SELECT count(DISTINCT tenant_id)::text FROM audit WHERE object_id = '" + id
                                + "' AND entry::jsonb->'after'->>'tenant' = '" + tenant + "'"))
                .as("in the chain of each tenant that is concerned")
                .containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"kind":"pigeon"}                                                      | #/kind
                    {"kind":"signed_http"}                                                 | #/url
                    {"kind":"signed_http","url":"radius://192.0.2.7"}                      | #/url
                    {"kind":"signed_http","url":"https://169.254.169.254/latest"}          | #/url
                    {"kind":"signed_http","url":"https://user:word@pcf.example/"}          | #/url
                    {"kind":"signed_http","url":"https://0x7f000001/"}                     | #/url
                    {"kind":"signed_http","url":"https://pcf.example/","realm":"x"}        | #/realm
                    {"kind":"signed_http","url":"https://pcf.example/","apiRoot":"https://a.example"} | #/apiRoot
                    {"kind":"signed_http","url":"https://pcf.example/","stateUrl":"https://pcf.example/state"} | #/stateUrl
                    {"kind":"radius","url":"radius://pcf.example"}                         | #/url
                    {"kind":"radius","url":"https://192.0.2.7"}                            | #/url
                    {"kind":"3gpp","url":"https://pcf.example/"}                           | #/url
                    {"kind":"camara_qod","apiRoot":"https://api.example"}                  | #/device
                    {"kind":"camara_qod","device":{"by":"imsi","realm":"r"}}               | #/apiRoot
                    {"kind":"camara_qod","apiRoot":"https://10.0.0.1/","device":{"by":"imsi","realm":"r"}} | #/apiRoot
                    {"kind":"camara_qod","apiRoot":"https://[::ffff:10.0.0.1]/","device":{"by":"imsi","realm":"r"}} | #/apiRoot
                    {"kind":"camara_qod","apiRoot":"https://a.example/?x=1","device":{"by":"imsi","realm":"r"}} | #/apiRoot
                    {"kind":"camara_qod","apiRoot":"https://a.example/","device":{"by":"imei","realm":"r"}} | #/device/by
                    {"kind":"camara_qod","apiRoot":"https://a.example/","device":{"by":"imsi","realm":"a@b"}} | #/device/realm
                    {"kind":"camara_qod","apiRoot":"https://a.example/","device":{"by":"imsi","realm":"r"},"speeds":[{"kbpsDown":1,"qosProfile":"QOS"},{"kbpsDown":1,"qosProfile":"QAS"}]} | #/speeds/1/kbpsDown
                    {"kind":"camara_qod","apiRoot":"https://a.example/","device":{"by":"imsi","realm":"r"},"oauth":{"tokenUrl":"https://192.168.0.1/t","clientId":"c"}} | #/oauth/tokenUrl
                    {"kind":"camara_qod","apiRoot":"https://a.example/","device":{"by":"imsi","realm":"r"},"fallback":{"kind":"3gpp","url":"https://b.example/"}} | #/fallback/kind
                    {"kind":"camara_qod","apiRoot":"https://a.example/","device":{"by":"imsi","realm":"r"},"fallback":{"kind":"radius","url":"https://b.example/"}} | #/fallback/url
                    """)
    void aConnectorThatMakesNoSenseIsRefusedAtItsPlace(String connector, String place) throws Exception {
        JsonObject partner = register(TrustDomain.NETWORK, "callbackUrl", "https://pcf.example/policies");
        var answer = server.call(
                OPERATOR,
                HttpMethod.PUT,
                "/partners/" + partner.getString("id") + "/connector",
                new JsonObject(connector));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.bodyAsString()).contains("\"" + place + "\"");
    }

    @Test
    void onlyPartnersOfTheNetworkHaveAConnectorAndOnlyOne() throws Exception {
        JsonObject operator = register(TrustDomain.SM_DP, "callbackUrl", "https://operator.example/");
        assertThat(server.call(
                                OPERATOR,
                                HttpMethod.PUT,
                                "/partners/" + operator.getString("id") + "/connector",
                                new JsonObject().put("kind", "3gpp"))
                        .statusCode())
                .isEqualTo(400);
        JsonObject both = body(TrustDomain.NETWORK)
                .put("callbackUrl", "https://pcf.example/")
                .put("connector", new JsonObject().put("kind", "3gpp"));
        var answer = server.call(OPERATOR, HttpMethod.POST, "/partners", both);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.bodyAsString()).contains("#/connector");
        JsonObject hidden = body(TrustDomain.NETWORK).put("callbackUrl", "https://169.254.169.254/");
        assertThat(server.call(OPERATOR, HttpMethod.POST, "/partners", hidden).bodyAsString())
                .contains("#/callbackUrl");
    }

    private static JsonObject register(TrustDomain domain, String member, Object value) throws Exception {
        var answer =
                server.call(OPERATOR, HttpMethod.POST, "/partners", body(domain).put(member, value));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(201);
        return answer.bodyAsJsonObject();
    }

    private static JsonObject body(TrustDomain domain) throws Exception {
        String name = "partner-" + ++names;
        return new JsonObject()
                .put("name", name)
                .put("domain", domain.label())
                .put(
                        "certificate",
                        Files.readString(server.pki.domain(domain).client(name).chain()))
                .put("operations", new JsonArray().add("usage:report"));
    }
}
