package dev.octroi.http;

import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A page of a list: {@code {items, next}} and the same link in a {@code Link} field (RFC 8288). */
public final class Page {
    private static final String AFTER = "after";

    private Page() {}

    /**
     * Makes the reply for a page.
     *
     * @param rows one row more than {@code limit} when there is another page
     * @param item how a row is shown
     * @param position where a row stands in the order
     */
    public static <T> Reply reply(
            ApiCall call,
            List<T> rows,
            int limit,
            Cursors cursors,
            String list,
            Function<T, JsonObject> item,
            Function<T, Cursors.Position> position) {
        boolean more = rows.size() > limit;
        List<T> shown = more ? rows.subList(0, limit) : rows;
        JsonArray items = new JsonArray();
        shown.forEach(row -> items.add(item.apply(row)));
        String next = more ? cursors.encode(list, position.apply(shown.getLast())) : null;
        Reply reply = Reply.ok(new JsonObject().put("items", items).put("next", next));
        return next == null
                ? reply
                : reply.withHeader("Link", "<" + following(call.context(), next) + ">; rel=\"next\"");
    }

    /** The same list with the same filters, from there on. */
    private static String following(RoutingContext ctx, String next) {
        QueryStringEncoder uri = new QueryStringEncoder(ctx.request().path());
        for (Map.Entry<String, String> each : ctx.queryParams().entries()) {
            if (!each.getKey().equals(AFTER)) {
                uri.addParam(each.getKey(), each.getValue());
            }
        }
        uri.addParam(AFTER, next);
        return uri.toString();
    }
}
