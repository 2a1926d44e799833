package dev.octroi.http;

import dev.octroi.http.ContractOperation.BodyKind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.ValidatorException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way of one request through one operation. */
final class OperationRoute {

    private static final String ROOM = "octroi.body-room";
    private static final RequestExtractor EXTRACTOR = RequestExtractor.withBodyHandler();

    private final ContractOperation operation;
    private final Map<String, SecurityCheck> checks;
    private final Routes.OperationGate gate;
    private final @Nullable BodyBudget bodies;
    private final RequestValidator validator;
    private final Operation validated;
    private final OperationHandler handler;
    private final boolean plain;

    OperationRoute(
            ContractOperation operation,
            Map<String, SecurityCheck> checks,
            Routes.OperationGate gate,
            @Nullable BodyBudget bodies,
            RequestValidator validator,
            Operation validated,
            OperationHandler handler) {
        this.operation = operation;
        this.checks = Map.copyOf(checks);
        this.gate = gate;
        this.bodies = bodies;
        this.validator = validator;
        this.validated = validated;
        this.handler = handler;
        this.plain = isPlain(operation, validated);
    }

    /** Before the body: credential, scopes, gate, media types. */
    void admit(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        ctx.put(AccessLog.TEMPLATE, operation.template());
        request.pause();
        authorise(ctx, 0)
                .compose(passed -> gate.pass(ctx, operation))
                .map(passed -> {
                    // Nobody is left to answer, and what happens at a request's end has happened: room would never be
                    // given back.
                    if (ctx.response().closed()) {
                        return false;
                    }
                    requireMediaTypes(request);
                    makeRoom(ctx);
                    return true;
                })
                .onSuccess(stays -> {
                    request.resume();
                    if (stays) {
                        ctx.next();
                    }
                })
                .onFailure(failure -> {
                    request.resume();
                    ctx.fail(failure);
                });
    }

    /** After the body: validation, handler, answer. */
    void serve(RoutingContext ctx) {
        BodyBudget.Share room = ctx.get(ROOM);
        if (room != null) {
            room.begin(Math.max(0, ctx.body().length()));
        }
        validate(ctx)
                .compose(request -> handler.handle(new ApiCall(ctx, operation, request)))
                .onComplete(done -> {
                    if (room != null) {
                        room.done();
                    }
                })
                .onSuccess(reply -> write(ctx, reply))
                .onFailure(ctx::fail);
    }

    /** The alternatives of the contract in turn; the failure of the last one is the answer. */
    private Future<Void> authorise(RoutingContext ctx, int alternative) {
        if (operation.security().isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Void> all = Future.succeededFuture();
        for (Map.Entry<String, List<String>> scheme :
                operation.security().get(alternative).entrySet()) {
            SecurityCheck check = checks.get(scheme.getKey());
            if (check == null) {
                return Future.failedFuture(new IllegalStateException("no check for " + scheme.getKey()));
            }
            all = all.compose(passed -> check.check(ctx, scheme.getValue()));
        }
        boolean last = alternative == operation.security().size() - 1;
        return last ? all : all.recover(passed -> authorise(ctx, alternative + 1));
    }

    private void requireMediaTypes(HttpServerRequest request) {
        if (!MediaTypes.accepts(request.getHeader(HttpHeaders.ACCEPT), operation.responseMediaTypes())) {
            throw Problem.of(ProblemType.NOT_ACCEPTABLE).toException();
        }
        if (operation.bodyKind() == BodyKind.NONE) {
            return;
        }
        String type = MediaTypes.bare(request.getHeader(HttpHeaders.CONTENT_TYPE));
        boolean mayBeAbsent = type.isEmpty() && !operation.bodyRequired() && !hasBody(request);
        if (!mayBeAbsent && !operation.requestMediaTypes().contains(type)) {
            throw Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE)
                    .toException()
                    .withHeader("Accept", String.join(", ", operation.requestMediaTypes()));
        }
    }

    /** For the body that is announced; where nothing is, for the largest that there may be. */
    private void makeRoom(RoutingContext ctx) {
        if (bodies == null || operation.bodyKind() == BodyKind.NONE) {
            return;
        }
        BodyBudget.Share room = bodies.take(BodyRoom.announcedBytes(ctx.request(), operation.bodyLimitBytes()));
        ctx.put(ROOM, room);
        ctx.addEndHandler(over -> room.over());
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    private Future<ValidatedRequest> validate(RoutingContext ctx) {
        if (plain) {
            return Future.succeededFuture(PlainRequest.INSTANCE);
        }
        return EXTRACTOR
                .extractValidatableRequest(ctx, validated)
                .map(request -> withJsonBody(ctx, request))
                .compose(request -> validator.validate(request, operation.id()))
                .recover(failure -> Future.failedFuture(asRefusal(failure)));
    }

    /**
     * Whether no schema says anything of a request: then it stays on its event loop, where the validator would take it to another
     * thread and back.
     */
    private static boolean isPlain(ContractOperation operation, Operation validated) {
        return switch (operation.bodyKind()) {
            case NONE, RAW -> validated.getParameters().isEmpty();
            case JSON, FORM -> false;
        };
    }

    private ValidatableRequest withJsonBody(RoutingContext ctx, ValidatableRequest request) {
        return switch (operation.bodyKind()) {
            case NONE, RAW -> request;
            case JSON -> {
                JsonText.refuseNul(bytes(ctx));
                yield new JsonRequest(request, request.getBody());
            }
            case FORM -> {
                Buffer json = FormBody.parse(bytes(ctx)).toBuffer();
                JsonText.refuseNul(json);
                yield new JsonRequest(request, () -> json);
            }
        };
    }

    private static Buffer bytes(RoutingContext ctx) {
        Buffer bytes = ctx.body().buffer();
        return bytes == null ? Buffer.buffer() : bytes;
    }

    /** Whatever the validator throws, the request was wrong, not the server. */
    private static Throwable asRefusal(Throwable failure) {
        boolean known = failure instanceof ProblemException || failure instanceof ValidatorException;
        return known
                ? failure
                : Problem.of(ProblemType.INVALID_REQUEST, "The request cannot be read")
                        .toException();
    }

    private static void write(RoutingContext ctx, Reply reply) {
        HttpServerResponse response = ctx.response();
        if (reply.status() == 0 || response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(reply.status());
        if (!reply.headers().containsKey("Cache-Control")) {
            response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        }
        reply.headers().forEach(response::putHeader);
        if (reply.mediaType() != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, reply.mediaType());
        }
        if (reply.body() == null) {
            response.end();
        } else {
            response.end(reply.body());
        }
    }
}
