package dev.octroi.http;

import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request of which the contract describes no part but, at most, bytes that are the handler's. */
enum PlainRequest implements ValidatedRequest {
    INSTANCE;

    @Override
    public Map<String, RequestParameter> getCookies() {
        return Map.of();
    }

    @Override
    public Map<String, RequestParameter> getPathParameters() {
        return Map.of();
    }

    @Override
    public Map<String, RequestParameter> getQuery() {
        return Map.of();
    }

    @Override
    public Map<String, RequestParameter> getHeaders() {
        return Map.of();
    }

    @Override
    public @Nullable RequestParameter getBody() {
        return null;
    }
}
