package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request that has passed the contract: typed access to its parts. */
public final class ApiCall {

    private final RoutingContext ctx;
    private final ContractOperation operation;
    private final ValidatedRequest request;

    ApiCall(RoutingContext ctx, ContractOperation operation, ValidatedRequest request) {
        this.ctx = ctx;
        this.operation = operation;
        this.request = request;
    }

    /** The underlying context, for what is not in the contract: the caller, the connection, streams. */
    public RoutingContext context() {
        return ctx;
    }

    /** Whether who asked is still there to be answered. */
    public boolean isWaitedFor() {
        return !ctx.response().closed();
    }

    /** The operation being served. */
    public ContractOperation operation() {
        return operation;
    }

    /** A path parameter; the contract guarantees that it is there. */
    public String path(String name) {
        return text(request.getPathParameters(), name)
                .orElseThrow(() -> new IllegalArgumentException("no path parameter " + name + " in the contract"));
    }

    /** A query parameter as text. */
    public Optional<String> query(String name) {
        return text(request.getQuery(), name);
    }

    /** A whole number from the query. */
    public Optional<Long> queryLong(String name) {
        return Optional.ofNullable(request.getQuery().get(name))
                .filter(parameter -> !parameter.isNull() && parameter.isNumber())
                .map(RequestParameter::getLong);
    }

    /** A whole number from the query, or the default of the contract. */
    public int queryInt(String name, int fallback) {
        return queryLong(name).map(Math::toIntExact).orElse(fallback);
    }

    /** A truth value from the query. */
    public boolean queryFlag(String name) {
        return Optional.ofNullable(request.getQuery().get(name))
                .filter(RequestParameter::isBoolean)
                .map(RequestParameter::getBoolean)
                .orElse(false);
    }

    /** A header field, declared in the contract or not. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(ctx.request().getHeader(name.toLowerCase(Locale.ROOT)));
    }

    /** The validated JSON or form body; an empty object when an optional body was left out. */
    public JsonObject body() {
        RequestParameter body = request.getBody();
        JsonObject object = body == null || body.isNull() || !body.isJsonObject() ? null : body.getJsonObject();
        return object == null ? new JsonObject() : object;
    }

    /** The bytes of the body as they came, never null. */
    public Buffer bodyBytes() {
        Buffer buffer = ctx.body() == null ? null : ctx.body().buffer();
        return buffer == null ? Buffer.buffer() : buffer;
    }

    /** What a {@link SecurityCheck} or another handler has put into the context under this key. */
    public <T> T attribute(String key, Class<T> type) {
        Object value = ctx.get(key);
        return type.cast(requireNonNull(value, () -> "nothing in the context under " + key));
    }

    private static Optional<String> text(Map<String, RequestParameter> parameters, String name) {
        return Optional.ofNullable(parameters.get(name))
                .filter(parameter -> !parameter.isNull())
                .map(parameter -> String.valueOf(parameter.get()));
    }
}
