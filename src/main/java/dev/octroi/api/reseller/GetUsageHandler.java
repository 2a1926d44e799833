package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.AccountReadStore;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.quota.account.UsageSplit;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** {@code GET /subscriptions/{subscriptionId}/usage}. */
final class GetUsageHandler implements OperationHandler {
    private static final Duration MAX_HOURS = Duration.ofDays(62);
    private static final Duration MAX_DAYS = Duration.ofDays(366);
    private static final Duration USUAL_HOURS = Duration.ofDays(2);
    private static final Duration USUAL_DAYS = Duration.ofDays(31);

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final AccountReader accounts;
    private final InstantSource clock;

    private record Span(Instant from, Instant to, boolean byDay) {}

    GetUsageHandler(TenantCalls calls, SubscriptionReader reader, AccountReader accounts, InstantSource clock) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Span span = span(call);
        String groupBy = call.query("groupBy").orElse("none");
        Caller caller = calls.caller(call);
        return reader.find(call)
                .compose(subscription -> points(caller, subscription, span, UsageBars.split(groupBy))
                        .compose(points -> reader.account(caller, subscription)
                                .map(account -> Reply.ok(json(span, groupBy, points, account)))));
    }

    private Future<List<UsagePoint>> points(Caller caller, Subscription subscription, Span span, UsageSplit split) {
        int tenantId = caller.tenantId();
        long accountId = subscription.accountId();
        Future<List<UsagePoint>> points = span.byDay()
                ? accounts.usageByDay(tenantId, accountId, span.from(), span.to(), split)
                : accounts.usageByHour(tenantId, accountId, span.from(), span.to(), split);
        return points.map(all -> {
            // A part of them would have a total that is too small.
            if (all.size() > AccountReadStore.MAX_POINTS) {
                throw Refusals.unprocessable(
                        "too_many_bars", "More than 20,000 bars: ask for a shorter span, for days, or for less split");
            }
            return all;
        });
    }

    private Span span(ApiCall call) {
        boolean byDay = call.query("granularity").orElse("hour").equals("day");
        Instant to = moment(call, "to", clock.instant());
        Instant from = moment(call, "from", to.minus(byDay ? USUAL_DAYS : USUAL_HOURS));
        if (!from.isBefore(to) || Duration.between(from, to).compareTo(byDay ? MAX_DAYS : MAX_HOURS) > 0) {
            throw Refusals.unprocessable(
                    "invalid_span", "The span ends after it begins and is at most 62 days (hour) or 366 days (day)");
        }
        return new Span(from, to, byDay);
    }

    private static Instant moment(ApiCall call, String name, Instant usual) {
        return call.query(name)
                .map(text -> Times.parse(text)
                        .orElseThrow(() -> Refusals.unprocessable("invalid_span", name + " is not a moment")))
                .orElse(usual);
    }

    private static JsonObject json(Span span, String groupBy, List<UsagePoint> points, AccountView account) {
        JsonObject json = new JsonObject()
                .put("from", Times.text(span.from()))
                .put("to", Times.text(span.to()))
                .put("granularity", span.byDay() ? "day" : "hour")
                .put("timeZone", (span.byDay() ? account.dayZone() : account.timeZone()).getId())
                .put("total", UsageBars.total(points))
                .put("items", UsageBars.items(points, groupBy))
                .put("reading", AccountJson.reading(account.ownFreshness()));
        if (account.forecast() != null) {
            json.put("forecast", AccountJson.forecast(account.forecast()));
        }
        return json;
    }
}
