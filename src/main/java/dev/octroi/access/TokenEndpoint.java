package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.CallerRate;
import dev.octroi.http.FailedTries;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code POST /oauth/token} for client credentials (RFC 6749 §4.4), the key set and the metadata (RFC 8414). Its errors have
 * the form of RFC 6749 §5.2, not of our problems.
 */
public final class TokenEndpoint {
    private static final int MAX_BODY_BYTES = 8 * 1024;
    /** A token is good for minutes: who asks for more of them than this keeps none. */
    private static final int TOKENS_PER_MINUTE = 120;

    private final ApiClients clients;
    private final TokenIssuer issuer;
    private final SigningKeys keys;
    private final RecentClients recent = new RecentClients();
    private final CallerRate rate = new CallerRate(TOKENS_PER_MINUTE, System::nanoTime);

    public TokenEndpoint(ApiClients clients, TokenIssuer issuer, SigningKeys keys) {
        this.clients = requireNonNull(clients, "clients is null");
        this.issuer = requireNonNull(issuer, "issuer is null");
        this.keys = requireNonNull(keys, "keys is null");
    }

    /**
     * Adds the three routes to the public listener's router.
     *
     * @param tries bounds tries that fail: of an address all together, but of each client to which this gateway has given a token apart,
     *     so that a stranger behind the same balancer keeps no client from its next one
     */
    public void mount(Router router, FailedTries tries) {
        router.post("/oauth/token").handler(ctx -> read(ctx, tries));
        router.get("/.well-known/jwks.json")
                .handler(ctx -> ctx.response()
                        .putHeader("Content-Type", "application/jwk-set+json")
                        .putHeader("Cache-Control", "public, max-age=300")
                        .end(keys.jwks().toBuffer()));
        router.get("/.well-known/oauth-authorization-server").handler(this::metadata);
    }

    /** The body as it is: a body handler would decode the form, and answer what it cannot decode in its own way. */
    private void read(RoutingContext ctx, FailedTries tries) {
        Buffer body = Buffer.buffer();
        HttpServerRequest http = ctx.request();
        http.handler(chunk -> {
            if (body.length() + chunk.length() > MAX_BODY_BYTES) {
                http.handler(rest -> {}).endHandler(end -> {});
                if (tries.admits(ctx, "")) {
                    ctx.fail(Problem.of(ProblemType.CONTENT_TOO_LARGE).toException());
                }
            } else {
                body.appendBuffer(chunk);
            }
        });
        http.endHandler(end -> token(ctx, tries, body.toString(StandardCharsets.UTF_8)));
    }

    private void token(RoutingContext ctx, FailedTries tries, String body) {
        TokenRequest request;
        try {
            request = TokenRequest.read(ctx.request().headers(), ctx.request().getHeader("content-type"), body);
        } catch (TokenRequest.Refused e) {
            if (tries.admits(ctx, "")) {
                refuse(ctx, e.error());
            }
            return;
        }
        if (tries.admits(ctx, recent.contains(request.clientId()) ? request.clientId() : "")) {
            clients.authenticate(request.clientId(), request.secret())
                    .onSuccess(client -> answer(ctx, request, client))
                    .onFailure(ctx::fail);
        }
    }

    private void answer(RoutingContext ctx, TokenRequest request, Optional<ApiClient> authenticated) {
        if (authenticated.isEmpty()) {
            refuse(ctx, "invalid_client");
            return;
        }
        ApiClient client = authenticated.get();
        recent.add(client.clientId());
        if (!rate.admits(ctx, client.clientId(), "this client")) {
            return;
        }
        Optional<Set<String>> asked = request.scope().isEmpty()
                ? Optional.of(client.scopes())
                : Scopes.parse(request.scope().get());
        if (asked.isEmpty() || !client.scopes().containsAll(asked.get())) {
            refuse(ctx, "invalid_scope");
            return;
        }
        Set<String> scopes = asked.get();
        String token = issuer.issue(new TokenGrant(
                client.tenantId(),
                client.clientId(),
                scopes,
                client.targets(),
                OptionalLong.empty(),
                client.certificateHash()));
        end(
                ctx,
                200,
                new JsonObject()
                        .put("access_token", token)
                        .put("token_type", "Bearer")
                        .put("expires_in", issuer.rules().life().toSeconds())
                        .put("scope", Scopes.format(scopes)));
    }

    /** An installation that was not told its address names the one that it was asked at, which is nobody else's to keep. */
    private void metadata(RoutingContext ctx) {
        Optional<String> told = issuer.rules().address();
        String base = told.orElseGet(() -> asked(ctx.request()));
        JsonObject metadata = new JsonObject()
                .put("issuer", base)
                .put("token_endpoint", base + "/oauth/token")
                .put("jwks_uri", base + "/.well-known/jwks.json")
                .put("grant_types_supported", new JsonArray().add("client_credentials"))
                .put("response_types_supported", new JsonArray())
                .put(
                        "token_endpoint_auth_methods_supported",
                        new JsonArray().add("client_secret_basic").add("client_secret_post"))
                .put("scopes_supported", new JsonArray(new java.util.ArrayList<>(new TreeSet<>(Scopes.GRANTABLE))));
        ctx.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", told.isPresent() ? "public, max-age=300" : "no-store")
                .end(metadata.toBuffer());
    }

    private String asked(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        return authority == null ? issuer.rules().issuer() : request.scheme() + "://" + authority;
    }

    private static void refuse(RoutingContext ctx, String error) {
        boolean client = error.equals("invalid_client");
        if (client) {
            ctx.response().putHeader("WWW-Authenticate", "Basic realm=\"octroi\", charset=\"UTF-8\"");
        }
        end(ctx, client ? 401 : 400, new JsonObject().put("error", error));
    }

    private static void end(RoutingContext ctx, int status, JsonObject json) {
        ctx.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Pragma", "no-cache")
                .end(json.toBuffer());
    }
}
