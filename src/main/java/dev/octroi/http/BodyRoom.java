package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;

/** Room for the body of a request that no contract describes, from before its first byte until it is answered or broken off. */
public final class BodyRoom implements PlatformHandler {
    private final BodyBudget bodies;
    private final long limitBytes;

    /** @param limitBytes the largest body that is taken */
    public BodyRoom(BodyBudget bodies, long limitBytes) {
        this.bodies = requireNonNull(bodies, "bodies is null");
        this.limitBytes = limitBytes;
    }

    @Override
    public void handle(RoutingContext ctx) {
        try {
            BodyBudget.Share room = bodies.take(announcedBytes(ctx.request(), limitBytes));
            ctx.addEndHandler(over -> room.done());
        } catch (ProblemException e) {
            ctx.fail(e);
            return;
        }
        ctx.next();
    }

    /** The body that is announced; where its size is not, the largest that there may be. */
    static long announcedBytes(HttpServerRequest request, long limitBytes) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || request.version() == HttpVersion.HTTP_2
                    ? limitBytes
                    : 0;
        }
        try {
            return Math.clamp(Long.parseLong(length), 0, limitBytes);
        } catch (NumberFormatException e) {
            return limitBytes;
        }
    }
}
