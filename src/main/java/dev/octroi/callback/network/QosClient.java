package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.call.Message;
import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The four operations of CAMARA QoS Provisioning, on the API of a partner. */
public final class QosClient {
    /** Where the secret of a connector is kept. */
    static final String SECRET_TABLE = "partner";

    static final String SECRET_COLUMN = "connector_secret";

    private static final int UNAUTHORIZED = 401;

    private final QosCaller caller;
    private final AccessTokens tokens;
    private final Sealer sealer;

    public QosClient(QosCaller caller, AccessTokens tokens, Sealer sealer) {
        this.caller = requireNonNull(caller, "caller is null");
        this.tokens = requireNonNull(tokens, "tokens is null");
        this.sealer = requireNonNull(sealer, "sealer is null");
    }

    /** {@code POST /qos-assignments}. */
    Future<CallbackClient.Answer> create(ClaimedRow.Partner partner, JsonObject body) {
        return call(partner, "POST", "/qos-assignments", body);
    }

    /** {@code GET /qos-assignments/{assignmentId}}. */
    Future<CallbackClient.Answer> get(ClaimedRow.Partner partner, String id) {
        return call(partner, "GET", "/qos-assignments/" + id, null);
    }

    /** {@code DELETE /qos-assignments/{assignmentId}}. */
    Future<CallbackClient.Answer> delete(ClaimedRow.Partner partner, String id) {
        return call(partner, "DELETE", "/qos-assignments/" + id, null);
    }

    /** {@code POST /retrieve-qos-assignment}. */
    Future<CallbackClient.Answer> retrieve(ClaimedRow.Partner partner, JsonObject device) {
        return call(partner, "POST", "/retrieve-qos-assignment", new JsonObject().put("device", device));
    }

    private Future<CallbackClient.Answer> call(
            ClaimedRow.Partner partner, String method, String path, @Nullable JsonObject body) {
        if (!(partner.connector() instanceof Connector.CamaraQod connector)) {
            return Future.failedFuture(new IllegalStateException("the partner has no such API"));
        }
        byte[] sealed = partner.secretSealed();
        byte[] secret = sealed == null
                ? null
                : sealer.open(Aad.of(partner.tenantId(), SECRET_TABLE, SECRET_COLUMN, partner.id()), sealed);
        return tokens.authorization(connector, secret).compose(authorization -> {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Accept", "application/json");
            authorization.ifPresent(value -> headers.put("Authorization", value));
            if (body != null) {
                headers.put("Content-Type", "application/json");
            }
            return caller.call(
                            connector.trust(),
                            method,
                            URI.create(connector.apiRoot() + path),
                            new Message(headers, body == null ? Buffer.buffer() : body.toBuffer()))
                    .onSuccess(answer -> {
                        if (answer.status() == UNAUTHORIZED) {
                            tokens.forget(connector, secret);
                        }
                    });
        });
    }
}
