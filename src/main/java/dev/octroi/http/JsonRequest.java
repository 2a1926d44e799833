package dev.octroi.http;

import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatableRequest;
import java.util.Map;

/** A request whose body goes to the validator as plain JSON, whatever JSON media type or form it came as. */
record JsonRequest(ValidatableRequest request, RequestParameter body) implements ValidatableRequest {

    @Override
    public Map<String, RequestParameter> getCookies() {
        return request.getCookies();
    }

    @Override
    public Map<String, RequestParameter> getPathParameters() {
        return request.getPathParameters();
    }

    @Override
    public Map<String, RequestParameter> getQuery() {
        return request.getQuery();
    }

    @Override
    public Map<String, RequestParameter> getHeaders() {
        return request.getHeaders();
    }

    @Override
    public RequestParameter getBody() {
        return body;
    }

    @Override
    public String getContentType() {
        return "application/json";
    }
}
