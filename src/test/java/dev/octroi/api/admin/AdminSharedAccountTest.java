package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.PublicId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Administrators act on a member of a shared account; each answer is held against the contract. */
class AdminSharedAccountTest {
    private static final String SCOPES = "tenants:write policies:read policies:write audit:read";
    private static final String OPERATOR = "0/root/" + SCOPES;

    private static AdminServer server;
    private static String tenant;
    private static int tenantNumber;
    private AdminServer.Family family;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
        JsonObject body = new JsonObject().put("slug", "acme").put("name", "Acme");
        tenant = server.call(OPERATOR, HttpMethod.POST, "/tenants", body)
                .bodyAsJsonObject()
                .getString("id");
        tenantNumber = (int) PublicId.TENANT.parse(tenant).orElseThrow();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void share() throws Exception {
        family = server.family(tenantNumber);
    }

    private static String path(long subscription) {
        return "/tenants/" + tenant + "/subscriptions/" + PublicId.SUBSCRIPTION.format(subscription);
    }

    private static JsonObject cap(long bytes, String window) {
        return new JsonObject()
                .put("cap", new JsonObject().put("bytes", bytes).put("window", window))
                .put("reason", "The owner asked for it");
    }

    private static JsonObject why(String reason) {
        return new JsonObject().put("reason", reason);
    }

    private HttpResponse<Buffer> member(String credential, String act, JsonObject body) throws Exception {
        return server.call(credential, HttpMethod.POST, path(family.member()) + act, body);
    }

    private static List<JsonObject> audited(String action) throws Exception {
        return server
                .call(OPERATOR, HttpMethod.GET, "/tenants/" + tenant + "/audit", null)
                .bodyAsJsonObject()
                .getJsonArray("items")
                .stream()
                .map(item -> ((JsonObject) item).getJsonObject("entry"))
                .filter(entry -> entry.getString("action").equals(action))
                .toList();
    }

    @Test
    void capOfAMemberIsSetAndRemovedForAReasonThatTheChainKeeps() throws Exception {
        HttpResponse<Buffer> capped = member(OPERATOR, "/member-cap", cap(500_000_000L, "week"));
        assertThat(capped.statusCode()).as(capped.bodyAsString()).isEqualTo(200);
        JsonObject shared = capped.bodyAsJsonObject().getJsonObject("shared");
        assertThat(shared.getString("role")).isEqualTo("member");
        assertThat(shared.getString("ownerId")).isEqualTo(PublicId.SUBSCRIPTION.format(family.owner()));
        assertThat(shared.getJsonObject("cap").getLong("bytes")).isEqualTo(500_000_000L);
        assertThat(shared.getJsonObject("cap").getString("window")).isEqualTo("week");
        assertThat(audited("member.cap")).anySatisfy(entry -> {
            assertThat(entry.getString("reason")).isEqualTo("The owner asked for it");
            assertThat(entry.getString("actor")).contains("root");
            assertThat(entry.getJsonObject("after").encode()).contains("500000000");
        });

        HttpResponse<Buffer> removed = member(OPERATOR, "/member-cap", why("Enough of it"));
        assertThat(removed.bodyAsJsonObject().getJsonObject("shared").containsKey("cap"))
                .isFalse();
        JsonObject seen = server.call(OPERATOR, HttpMethod.GET, path(family.owner()) + "/state", null)
                .bodyAsJsonObject();
        assertThat(seen.getJsonObject("shared").getString("role")).isEqualTo("owner");
    }

    @Test
    void capNeedsAReasonAMemberAndACredentialThatMayTightenAndLoosen() throws Exception {
        int before = audited("member.cap").size();
        JsonObject nobodyKnowsWhy = cap(1, "day");
        nobodyKnowsWhy.remove("reason");
        assertThat(member(OPERATOR, "/member-cap", nobodyKnowsWhy).statusCode()).isEqualTo(400);
        assertThat(member(OPERATOR, "/member-cap", cap(0, "day")).statusCode()).isEqualTo(400);
        assertThat(member("0/reader/policies:read", "/member-cap", cap(1, "day"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(member(OPERATOR + "/action:pause", "/member-cap", cap(1, "day"))
                        .bodyAsJsonObject()
                        .getString("code"))
                .isEqualTo("outside_targets");
        String other = (tenantNumber + 1) + "/manager/policies:write";
        assertThat(member(other, "/member-cap", cap(1, "day")).statusCode()).isEqualTo(404);
        HttpResponse<Buffer> owner =
                server.call(OPERATOR, HttpMethod.POST, path(family.owner()) + "/member-cap", cap(1, "day"));
        assertThat(owner.statusCode()).isEqualTo(409);
        assertThat(owner.bodyAsJsonObject().getString("code")).isEqualTo("not_a_member");
        assertThat(audited("member.cap")).hasSize(before);
    }

    @Test
    void memberIsTakenOutOnceForAReasonAndTheOwnerNever() throws Exception {
        assertThat(member(OPERATOR, "/leave", new JsonObject()).statusCode()).isEqualTo(400);
        assertThat(member(OPERATOR + "/action:pause", "/leave", why("Moved out"))
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<Buffer> left = member(OPERATOR, "/leave", why("Moved out"));
        assertThat(left.statusCode()).as(left.bodyAsString()).isEqualTo(200);
        JsonObject state = left.bodyAsJsonObject();
        assertThat(state.getJsonObject("policy").getString("reason")).isEqualTo("member.left");
        assertThat(state.getJsonObject("shared").getString("leftAt")).isNotBlank();
        HttpResponse<Buffer> again = member(OPERATOR, "/leave", why("Moved out"));
        assertThat(again.statusCode()).as("it has left already").isEqualTo(200);
        assertThat(again.bodyAsJsonObject().getLong("version")).isEqualTo(state.getLong("version"));
        assertThat(member(OPERATOR, "/member-cap", cap(1, "day")).statusCode()).isEqualTo(409);

        assertThat(server.call(OPERATOR, HttpMethod.POST, path(family.owner()) + "/leave", why("Moved out"))
                        .statusCode())
                .isEqualTo(409);
        assertThat(audited("member.left"))
                .filteredOn(entry -> "Moved out".equals(entry.getString("reason")))
                .hasSize(1)
                .allSatisfy(entry -> assertThat(entry.getString("actor")).contains("root"));
    }
}
