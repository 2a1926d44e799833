package dev.octroi.api.admin;

import dev.octroi.access.ApiClients;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /tenants/{tenantId}/clients/{clientId}/rotate-secret}. The client stays who it is, and so do its idempotency keys:
 * what it sent with the secret before and repeats with the new one happens once.
 */
final class RotateClientSecretHandler implements OperationHandler {
    private static final int DEFAULT_OVERLAP_SECONDS = 86_400;

    private final AdminCalls calls;
    private final ApiClients clients;

    RotateClientSecretHandler(AdminCalls calls, ApiClients clients) {
        this.calls = calls;
        this.clients = clients;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        Duration overlap = Duration.ofSeconds(call.body().getInteger("overlapSeconds", DEFAULT_OVERLAP_SECONDS));
        return calls.once(
                call,
                connection -> clients.lock(connection, tenantId, call.path("clientId"))
                        .map(found -> rotatable(call, found, overlap))
                        .compose(client -> rotate(call, connection, tenantId, client, overlap)));
    }

    private ApiClients.Listed rotatable(ApiCall call, Optional<ApiClients.Listed> found, Duration overlap) {
        ApiClients.Listed client = found.filter(listed -> !listed.disabled()).orElseThrow(AdminCalls::notFound);
        ClientGrants.requireNoMore(AdminCalls.principal(call), client.scopes(), client.targets());
        boolean underWay = client.previousUntil().filter(calls.now()::isBefore).isPresent();
        if (underWay && overlap.isPositive()) {
            throw Problem.of(
                            ProblemType.CONFLICT,
                            "Two secrets are good already; with overlapSeconds 0 the new one takes over at once")
                    .withCode("rotation_under_way")
                    .toException();
        }
        return client;
    }

    private Future<Reply> rotate(
            ApiCall call, SqlConnection connection, int tenantId, ApiClients.Listed client, Duration overlap) {
        Optional<Instant> previousUntil = Optional.of(calls.now().plus(overlap)).filter(until -> overlap.isPositive());
        return clients.rotate(connection, tenantId, client.clientId(), previousUntil)
                .compose(secret -> calls.audit(
                                connection,
                                call,
                                tenantId,
                                "client.secret_rotated",
                                client.clientId(),
                                null,
                                Map.of("overlapSeconds", overlap.toSeconds()))
                        .map(Reply.ok(new JsonObject()
                                .put("clientId", client.clientId())
                                .put("clientSecret", secret.reveal())
                                .put(
                                        "previousSecretUntil",
                                        previousUntil.map(Instant::toString).orElse(null)))));
    }
}
