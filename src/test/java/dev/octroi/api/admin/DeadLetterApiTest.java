package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was given up towards the network and operators, as an admin sees and replays it. */
class DeadLetterApiTest {
    private static final String OPERATOR = "0/root/policies:read policies:write";
    private static final String TENANT = "1/ada/policies:read policies:write";
    private static final String STRANGER = "2/eve/policies:read policies:write";
    private static final JsonObject REASON = new JsonObject().put("reason", "The network is back");

    private static AdminServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
        TestDatabase.execute(
                server.config,
                "INSERT INTO tenant (slug, name) VALUES ('one', 'One')",
                "INSERT INTO tenant (slug, name) VALUES ('two', 'Two')");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void aTenantSeesItsOwnDeadLettersAndTheOperatorAll() throws Exception {
        String own = dead("network", server.ids.next(), 1);
        String webhook = dead("webhook", server.ids.next(), 1);
        assertThat(listed(TENANT)).contains(own).doesNotContain(webhook);
        assertThat(listed(OPERATOR)).contains(own);
        assertThat(listed(STRANGER)).doesNotContain(own);
    }

    @Test
    void pagesFollowOneAnotherNewestFirstWithoutAGap() throws Exception {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(dead("es2", server.ids.next(), 1));
        }
        List<String> seen = new ArrayList<>();
        String after = "";
        do {
            JsonObject page = server.call(TENANT, HttpMethod.GET, "/dead-letters?limit=2" + after, null)
                    .bodyAsJsonObject();
            page.getJsonArray("items").forEach(each -> seen.add(((JsonObject) each).getString("id")));
            after = page.getString("next") == null ? "" : "&after=" + page.getString("next");
        } while (!after.isEmpty());
        assertThat(seen).containsAll(made).doesNotHaveDuplicates();
    }

    @Test
    void aReplayedLetterIsDueUnderItsOwnIdentifierAndAudited() throws Exception {
        String id = dead("network", server.ids.next(), 3);
        HttpResponse<Buffer> answer = replay(TENANT, id);
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.bodyAsJsonObject().getString("id")).isEqualTo(id);
        assertThat(state(id)).isEqualTo("pending");
        assertThat(TestDatabase.rows(
                        server.config,
                        "SELECT attempts FROM outbox WHERE id = "
                                + PublicId.CALLBACK.parse(id).getAsLong()))
                .as("one failure more is not the end of it")
                .containsExactly("1");
        assertThat(TestDatabase.rows(
                        server.config,
                        "SELECT entry::jsonb ->> 'reason' FROM audit WHERE action = 'callback.replayed' AND object_id = '"
                                + id + "'"))
                .containsExactly("The network is back");
        assertThat(replay(TENANT, id).statusCode())
                .as("no dead letter any more")
                .isEqualTo(404);
    }

    @Test
    void aPolicyThatANewerOneHasOvertakenStaysDead() throws Exception {
        long subscription = server.ids.next();
        String old = dead("network", subscription, 3);
        String newest = dead("network", subscription, 4);
        HttpResponse<Buffer> answer = replay(TENANT, old);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("overtaken");
        assertThat(state(old)).isEqualTo("dead");
        assertThat(replay(OPERATOR, newest).statusCode()).isEqualTo(202);
    }

    @Test
    void whatBelongsToAnotherTenantOrToAWebhookIsNotFound() throws Exception {
        String own = dead("charging", server.ids.next(), 1);
        String webhook = dead("webhook", server.ids.next(), 1);
        assertThat(replay(STRANGER, own).statusCode()).isEqualTo(404);
        assertThat(replay(TENANT, webhook).statusCode()).isEqualTo(404);
        assertThat(replay(TENANT, "cb_ZZZZZZZZZZZZZ").statusCode()).isEqualTo(404);
        assertThat(state(own)).isEqualTo("dead");
    }

    /** A row of tenant 1 that was given up. */
    private static String dead(String stream, long key, long version) throws Exception {
        long id = server.ids.next(Ids.shardOf(key));
        TestDatabase.execute(server.config, """
                INSERT INTO outbox (tenant_id, vshard, id, stream, key, version, created_at, next_at, attempts, state,
                                    done_at, last_status, last_error)
                VALUES (1, %d, %d, '%s', %d, %d, now(), now(), 308, 'dead', now(), 403, 'status 403')
                """.formatted(Ids.shardOf(key), id, stream, key, version));
        return PublicId.CALLBACK.format(id);
    }

    private static String state(String id) throws Exception {
        return TestDatabase.rows(
                        server.config,
                        "SELECT state FROM outbox WHERE id = "
                                + PublicId.CALLBACK.parse(id).getAsLong())
                .getFirst();
    }

    private static HttpResponse<Buffer> replay(String who, String id) throws Exception {
        return server.call(who, HttpMethod.POST, "/dead-letters/" + id + "/replay", REASON);
    }

    private static List<String> listed(String who) throws Exception {
        List<String> ids = new ArrayList<>();
        server.call(who, HttpMethod.GET, "/dead-letters?limit=200", null)
                .bodyAsJsonObject()
                .getJsonArray("items")
                .forEach(each -> ids.add(((JsonObject) each).getString("id")));
        return ids;
    }
}
