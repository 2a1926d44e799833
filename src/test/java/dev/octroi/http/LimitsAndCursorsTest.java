package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class LimitsAndCursorsTest {

    private static final SecretKey KEY =
            new SecretKeySpec("0123456789abcdef".getBytes(StandardCharsets.UTF_8), "HmacSHA256");

    private final Cursors cursors = new Cursors(KEY);

    @Test
    void bucketGrantsItsWindowAndRefillsEvenly() {
        TokenBucket bucket = new TokenBucket(60, 60, 0);
        for (int i = 0; i < 60; i++) {
            assertThat(bucket.take(0).granted()).isTrue();
        }
        assertThat(bucket.take(0)).isEqualTo(new TokenBucket.Taken(false, 0, 1));
        assertThat(bucket.take(1_000).granted()).isTrue();
        assertThat(bucket.take(1_001).granted()).isFalse();
        assertThat(bucket.take(3_600_000).left()).isEqualTo(59);
    }

    @Test
    void bucketNeverGrantsMoreThanItsRate() {
        long seed = 20261123;
        Random random = new Random(seed);
        TokenBucket bucket = new TokenBucket(100, 60, 0);
        long now = 0;
        int granted = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(200);
            if (bucket.take(now).granted()) {
                granted++;
            }
        }
        assertThat((double) granted).as("seed %d", seed).isBetween(now * 100 / 60_000.0, 101 + now * 100 / 60_000.0);
    }

    @Test
    void tenantBeyondItsRateWaitsAndOthersDoNot() throws Exception {
        Vertx vertx = RequestContext.newVertx(new VertxOptions());
        try {
            Router router = Router.router(vertx);
            ProblemHandler.install(router);
            RateLimits limits = new RateLimits(ctx -> ctx.request().getHeader("X-Tenant"), 2, 1, () -> 7_000_000_000L);
            OperationHandler none = call -> Future.succeededFuture(Reply.ok(new JsonObject()));
            Routes.of(await(Contract.load(vertx, "sample")))
                    .security("bearer", (ctx, scopes) -> Future.succeededFuture())
                    .gate(limits)
                    .handlers(Map.of(
                            "getThing", none, "createThing", none, "patchThings", none, "token", none, "batch", none))
                    .mount(vertx, router);
            int port = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                    .actualPort();
            WebClient client = WebClient.create(vertx);
            List<Integer> statuses = new ArrayList<>();
            HttpResponse<Buffer> last = null;
            for (String tenant : List.of("a", "a", "a", "b")) {
                last = await(client.get(port, "127.0.0.1", "/sample/v1/things/thing_abc")
                        .putHeader("X-Tenant", tenant)
                        .send());
                statuses.add(last.statusCode());
                if (last.statusCode() == 429) {
                    assertThat(last.getHeader("Retry-After")).isEqualTo("30");
                    assertThat(last.getHeader("RateLimit")).isEqualTo("\"read\";r=0;t=30");
                    assertThat(last.bodyAsJsonObject().getString("type")).endsWith("#quota-exceeded");
                }
            }
            assertThat(statuses).containsExactly(200, 200, 429, 200);
            assertThat(last.getHeader("RateLimit-Policy")).isEqualTo("\"read\";q=2;w=60");
        } finally {
            await(vertx.close());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void cursorComesBackAsItWas() {
        Cursors.Position position = new Cursors.Position("2026-11-23T12:00:00.123456Z", Long.MAX_VALUE);
        String cursor = cursors.encode("tenants?status=open", position);
        assertThat(cursor).matches("[A-Za-z0-9_-]+");
        assertThat(cursors.decode("tenants?status=open", cursor)).isEqualTo(position);
    }

    @Test
    void cursorShowsNothingOfWhereItStands() {
        String cursor = cursors.encode("ledger", new Cursors.Position("smf-1\nSession-4711", 1));
        assertThat(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1))
                .doesNotContain("smf", "4711");
    }

    @Test
    void cursorOfBeforeTheyWereSealedStaysGood() {
        // Position("a", 7) of the list "events" under KEY, as a gateway of before made it.
        String before = "AAAAAAAAAAdhW6hTQCK86dmVZeFyy7EkOQ";
        assertThat(cursors.decode("events", before)).isEqualTo(new Cursors.Position("a", 7));
        assertRefused("webhooks", before);
    }

    @Test
    void cursorOfAnotherListOrChangedIsRefused() {
        String cursor = cursors.encode("tenants", new Cursors.Position("a", 1));
        for (int i = 0; i < cursor.length(); i++) {
            char changed = cursor.charAt(i) == 'A' ? 'B' : 'A';
            String other = cursor.substring(0, i) + changed + cursor.substring(i + 1);
            // The last character may hold bits that decode to nothing.
            if (i < cursor.length() - 1) {
                assertRefused("tenants", other);
            }
        }
        assertRefused("tenants?x", cursor);
        List.of("", "A", "!!", cursor + "A", "A".repeat(512)).forEach(text -> assertRefused("tenants", text));
    }

    private void assertRefused(String list, String cursor) {
        assertThatThrownBy(() -> cursors.decode(list, cursor))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().type()).isEqualTo(ProblemType.INVALID_CURSOR));
    }

    @Test
    void acceptFollowsRangesAndRefusals() {
        Set<String> offered = Set.of("application/json", "image/png");
        assertThat(MediaTypes.accepts(null, offered)).isTrue();
        assertThat(MediaTypes.accepts("*/*", offered)).isTrue();
        assertThat(MediaTypes.accepts("text/html, image/*;q=0.3", offered)).isTrue();
        assertThat(MediaTypes.accepts("APPLICATION/JSON; charset=utf-8", offered))
                .isTrue();
        assertThat(MediaTypes.accepts("application/json;q=0, text/*", offered)).isFalse();
        assertThat(MediaTypes.accepts("text/html", offered)).isFalse();
    }

    @Test
    void idempotencyKeysMayBeQuoted() {
        assertThat(IdempotencyKey.parse("\"a b\"")).isEqualTo("a b");
        assertThat(IdempotencyKey.parse("8e03978e-40d5")).isEqualTo("8e03978e-40d5");
        assertThat(IdempotencyKey.parse("\"a\\\"b\"")).isEqualTo("a\"b");
    }
}
