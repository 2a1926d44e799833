package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors.Position;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.LedgerEntry;
import dev.octroi.quota.account.LedgerPlace;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /subscriptions/{subscriptionId}/ledger}: the rows behind every volume and every charge. */
final class ListLedgerHandler implements OperationHandler {
    private static final int USUAL_DAYS = 31;
    private static final int MAX_DAYS = 62;
    /** Parts a row's place; no source and no key contains a control character. */
    private static final String SEPARATOR = "\n";

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final AccountReader accounts;
    private final InstantSource clock;

    ListLedgerHandler(TenantCalls calls, SubscriptionReader reader, AccountReader accounts, InstantSource clock) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        boolean charged = call.query("charged").map("true"::equals).orElse(false);
        Caller caller = calls.caller(call);
        String list = list(call, caller, charged);
        Optional<Position> position = calls.cursors().after(call, list);
        LocalDate to = day(call, "to", usualEnd(position));
        LocalDate from = day(call, "from", to.minusDays(USUAL_DAYS));
        if (from.isAfter(to) || to.isAfter(from.plusDays(MAX_DAYS))) {
            throw Refusals.unprocessable("invalid_span", "The span ends after it begins and is at most 62 days");
        }
        LedgerPlace after = position.map(ListLedgerHandler::place).orElse(LedgerPlace.before(from));
        int limit = TenantCalls.limit(call);
        return reader.find(call)
                .compose(subscription -> read(caller, subscription, after, to, charged, limit)
                        .compose(rows -> reader.account(caller, subscription)
                                .map(account -> reply(call, rows, limit, list, to, account))));
    }

    /** Named by what was asked for, since the usual days are others tomorrow. */
    private static String list(ApiCall call, Caller caller, boolean charged) {
        return String.join(
                "/",
                String.valueOf(caller.tenantId()),
                "ledger",
                call.path("subscriptionId"),
                call.query("from").orElse("-"),
                call.query("to").orElse("-"),
                String.valueOf(charged));
    }

    /** The last day where none was asked for: today, and for the pages that follow the today of the first. */
    private LocalDate usualEnd(Optional<Position> position) {
        return position.filter(known -> known.id() > 0)
                .map(known -> LocalDate.ofEpochDay(known.id()))
                .orElseGet(() -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    }

    private Future<List<LedgerEntry>> read(
            Caller caller, Subscription subscription, LedgerPlace after, LocalDate to, boolean charged, int limit) {
        return accounts.ledger(caller.tenantId(), subscription.accountId(), after, to, charged, limit + 1);
    }

    private Reply reply(
            ApiCall call, List<LedgerEntry> rows, int limit, String list, LocalDate to, AccountView account) {
        return Page.reply(
                call,
                rows,
                limit,
                calls.cursors(),
                list,
                row -> LedgerJson.write(row, account.overage()),
                row -> new Position(
                        String.join(SEPARATOR, row.day().toString(), row.source(), row.key()), to.toEpochDay()));
    }

    private static LedgerPlace place(Position position) {
        String[] parts = position.sort().split(SEPARATOR, 3);
        return new LedgerPlace(LocalDate.parse(parts[0]), parts[1], parts[2]);
    }

    private static LocalDate day(ApiCall call, String name, LocalDate usual) {
        @Nullable String text = call.query(name).orElse(null);
        if (text == null) {
            return usual;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw Refusals.unprocessable("invalid_span", name + " is not a date");
        }
    }
}
