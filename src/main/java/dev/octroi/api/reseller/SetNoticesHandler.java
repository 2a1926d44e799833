package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.ProblemException;
import dev.octroi.http.Reply;
import dev.octroi.notice.Channel;
import dev.octroi.notice.ChannelOutcome;
import dev.octroi.notice.ChannelWish;
import dev.octroi.notice.Channels;
import dev.octroi.notice.MailAddress;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Optional;

/**
 * {@code PUT /subscriptions/{subscriptionId}/notices}: the traveller's address, as the reseller knows it, and what is told there. Whoever
 * reads it is asked by mail first, as when the traveller gives it.
 */
final class SetNoticesHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Channels channels;

    SetNoticesHandler(TenantCalls calls, SubscriptionReader reader, Channels channels) {
        this.calls = calls;
        this.reader = reader;
        this.channels = channels;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        JsonObject body = call.body();
        return calls.run(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .map(Refusals::remembered)
                        .compose(subscription -> set(connection, caller, subscription, body)
                                .compose(done -> channels.find(connection, caller.tenantId(), subscription.id()))
                                .compose(channel -> kept(connection, caller, subscription, channel))));
    }

    private Future<ChannelOutcome> set(
            SqlConnection connection, Caller caller, Subscription subscription, JsonObject body) {
        int tenant = caller.tenantId();
        Optional<MailAddress> address = address(body);
        if (body.containsKey("mail") && address.isEmpty()) {
            if (body.size() > 1) {
                throw noAddress("Without an address there is nothing to choose; send mail alone to remove it");
            }
            return channels.remove(connection, tenant, subscription.id()).map(ChannelOutcome.DONE);
        }
        return channels.find(connection, tenant, subscription.id())
                .compose(before -> {
                    ChannelWish wish = NoticesJson.read(body, before, subscription.language());
                    return address.map(each -> channels.set(connection, tenant, subscription.id(), each, wish))
                            .orElseGet(() -> channels.choose(connection, tenant, subscription.id(), wish));
                })
                .map(SetNoticesHandler::taken);
    }

    /** The address that is wanted; empty where none is named, or none is wanted any more. */
    private Optional<MailAddress> address(JsonObject body) {
        String mail = body.getString("mail");
        if (mail == null) {
            return Optional.empty();
        }
        if (!channels.sends()) {
            throw Refusals.unprocessable("mail_not_sent", "This installation sends no mail to travellers");
        }
        return Optional.of(MailAddress.parse(mail)
                .orElseThrow(() -> Refusals.unprocessable("invalid_address", "This is no mail address")));
    }

    private static ProblemException noAddress(String detail) {
        return Refusals.unprocessable("no_address", detail);
    }

    private static ChannelOutcome taken(ChannelOutcome outcome) {
        return switch (outcome) {
            case DONE, ASKED -> outcome;
            case NO_CHANNEL -> throw noAddress("There is no address; name one in mail");
            case TOO_MANY ->
                throw Refusals.unprocessable(
                        "too_many_confirmations", "The traveller has been asked five times within a day");
        };
    }

    /** The audit log keeps what holds now, but not the address. */
    private Future<Reply> kept(
            SqlConnection connection, Caller caller, Subscription subscription, Optional<Channel> channel) {
        JsonObject json = NoticesJson.write(channels.sends(), channel, subscription.language());
        Map<String, ?> after = Map.of(
                "state", json.getString("state"),
                "language", json.getString("language"),
                "kinds", json.getJsonArray("kinds").getList(),
                "maxPerDay", json.getInteger("maxPerDay"));
        return calls.audit(connection, caller, "notices.set", PublicId.SUBSCRIPTION.format(subscription.id()), after)
                .map(done -> Reply.ok(json));
    }
}
