package dev.octroi.api.reseller;

import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.PlanWithdrawalStore;
import dev.octroi.catalog.Quote;
import dev.octroi.catalog.QuoteStore;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** {@code POST /quotes}: holds a price and a plan version for a quarter of an hour. */
final class CreateQuoteHandler implements OperationHandler {
    private static final Duration LIFE = Duration.ofMinutes(15);

    /** A quote names no traveller; a plan of dates is over for all when it is over where days end last. */
    private static final ZoneId LAST_ON_EARTH = ZoneOffset.ofHours(-12);

    private final TenantCalls calls;
    private final PlanStore plans;
    private final PlanWithdrawalStore withdrawals = new PlanWithdrawalStore();
    private final QuoteStore quotes;
    private final Ids ids;
    private final InstantSource clock;

    CreateQuoteHandler(TenantCalls calls, PlanStore plans, QuoteStore quotes, Ids ids, InstantSource clock) {
        this.calls = calls;
        this.plans = plans;
        this.quotes = quotes;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long planId = PublicId.PLAN.parse(call.body().getString("planId")).orElse(-1);
        int quantity = call.body().getInteger("quantity", 1);
        return calls.once(
                call,
                (connection, caller) -> plans.find(connection, caller.tenantId(), planId)
                        .map(found -> found.orElseThrow(
                                () -> Refusals.unprocessable("unknown_plan", "There is no such plan")))
                        .compose(plan -> withdrawals
                                .since(connection, caller.tenantId(), planId)
                                .map(since -> {
                                    if (since.isPresent()) {
                                        throw Refusals.unprocessable("plan_withdrawn", "The plan is off sale");
                                    }
                                    return plan;
                                }))
                        .compose(plan -> {
                            Instant now = clock.instant();
                            if (plan.offer().terms().isOver(LAST_ON_EARTH, now)) {
                                throw Refusals.unprocessable("plan_over", "The dates of the plan are over");
                            }
                            Quote quote = new Quote(
                                    ids.next(),
                                    plan.id(),
                                    plan.version(),
                                    quantity,
                                    plan.offer().price().times(quantity),
                                    now.plus(LIFE));
                            return quotes.insert(connection, caller.tenantId(), quote, now)
                                    .map(done -> Reply.json(
                                            201,
                                            OrderJson.write(quote, plan.label().hash())));
                        }));
    }
}
