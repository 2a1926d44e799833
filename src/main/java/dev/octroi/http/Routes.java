package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.openapi.validation.RequestValidator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Builds the routes of a contract. For every operation, in this order: credential and scopes, media types, size of the
 * body, validation (header, path, query, body), then the handler. A contract and its handlers must match one to one.
 *
 * <pre>{@code
 * Routes.of(contract)
 *     .security("bearer", tokens::check)
 *     .handler("createOrder", new CreateOrderHandler(...))
 *     .mount(vertx, router);
 * }</pre>
 */
public final class Routes {

    private final Contract contract;
    private final Map<String, OperationHandler> handlers = new LinkedHashMap<>();
    private final Map<String, SecurityCheck> checks = new LinkedHashMap<>();
    private OperationGate gate = (ctx, operation) -> Future.succeededFuture();
    private @Nullable BodyBudget bodies;

    private Routes(Contract contract) {
        this.contract = contract;
    }

    /** Routes for a contract. */
    public static Routes of(Contract contract) {
        return new Routes(requireNonNull(contract, "contract is null"));
    }

    /** How the security scheme of this name is checked. */
    public Routes security(String scheme, SecurityCheck check) {
        checks.put(scheme, check);
        return this;
    }

    /** Who serves an operation. */
    public Routes handler(String operationId, OperationHandler handler) {
        if (handlers.putIfAbsent(operationId, requireNonNull(handler, "handler is null")) != null) {
            throw new IllegalStateException("two handlers for " + operationId);
        }
        return this;
    }

    /** Who serves operations, by operationId. */
    public Routes handlers(Map<String, ? extends OperationHandler> byOperationId) {
        byOperationId.forEach(this::handler);
        return this;
    }

    /** What an authorised caller must pass before the body is read, such as a rate limit. */
    public Routes gate(OperationGate newGate) {
        this.gate = newGate;
        return this;
    }

    /** How many bytes of bodies are in hand at once, without a bound where nothing is said; shared with whoever has the same budget. */
    public Routes bodies(BodyBudget newBodies) {
        this.bodies = requireNonNull(newBodies, "bodies is null");
        return this;
    }

    /**
     * Adds the routes to a root router, under the base path of the contract.
     *
     * @throws IllegalStateException if an operation has no handler, a handler no operation, or a scheme no check
     */
    public void mount(Vertx vertx, Router router) {
        requireComplete();
        RequestValidator validator = RequestValidator.create(vertx, contract.validated());
        // Fixed paths come before templates, as OpenAPI wants them matched (§4.8.8.2).
        List<ContractOperation> ordered = contract.operations().stream()
                .sorted((a, b) ->
                        Boolean.compare(a.template().contains("{"), b.template().contains("{")))
                .toList();
        for (ContractOperation operation : ordered) {
            OperationRoute route = new OperationRoute(
                    operation,
                    checks,
                    gate,
                    bodies,
                    validator,
                    contract.validated().operation(operation.id()),
                    requireNonNull(handlers.get(operation.id())));
            router.route(operation.method(), operation.routePath()).handler(route::admit);
            if (operation.bodyKind() != ContractOperation.BodyKind.NONE) {
                // Read here, and not before: nobody without a credential makes the gateway hold a body.
                BodyHandler body = BodyHandler.create(false).setBodyLimit(operation.bodyLimitBytes());
                router.route(operation.method(), operation.routePath()).handler(body);
            }
            router.route(operation.method(), operation.routePath()).handler(route::serve);
        }
    }

    private void requireComplete() {
        Set<String> without = new TreeSet<>();
        Set<String> schemes = new TreeSet<>();
        contract.operations().forEach(operation -> {
            without.add(operation.id());
            operation.security().forEach(alternative -> schemes.addAll(alternative.keySet()));
        });
        Set<String> unknown = new TreeSet<>(handlers.keySet());
        unknown.removeAll(without);
        without.removeAll(handlers.keySet());
        schemes.removeAll(checks.keySet());
        if (!without.isEmpty() || !unknown.isEmpty() || !schemes.isEmpty()) {
            throw new IllegalStateException("contract " + contract.name() + ": operations without a handler " + without
                    + ", handlers without an operation " + unknown + ", security schemes without a check " + schemes);
        }
    }

    /** A check between authorisation and body. */
    @FunctionalInterface
    public interface OperationGate {
        /** Succeeds to let the request on, fails with a {@link ProblemException} to refuse it. */
        Future<Void> pass(RoutingContext ctx, ContractOperation operation);
    }
}
