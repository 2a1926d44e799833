package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.SecurityCheck;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Guards routes that no contract describes, such as pages and event streams. */
public final class Authorize {
    private final SecurityCheck check;

    public Authorize(SecurityCheck check) {
        this.check = requireNonNull(check, "check is null");
    }

    /** Lets a request pass whose credential carries all of these scopes; afterwards {@link Principal#of} names the caller. */
    public Handler<RoutingContext> scope(String... scopes) {
        List<String> needed = List.of(scopes);
        return ctx -> {
            ctx.request().pause();
            check.check(ctx, needed).onComplete(result -> {
                ctx.request().resume();
                if (result.succeeded()) {
                    ctx.next();
                } else {
                    ctx.fail(result.cause());
                }
            });
        };
    }
}
