package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.db.Database;
import dev.octroi.db.PublicId;
import dev.octroi.notice.Channel;
import dev.octroi.notice.ChannelOutcome;
import dev.octroi.notice.ChannelWish;
import dev.octroi.notice.Channels;
import dev.octroi.notice.MailAddress;
import dev.octroi.notice.words.NoticeKind;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The traveller's address for messages, and what is told there. */
final class NoticeForms {
    /** What the name of a checkbox begins with. */
    static final String KIND = "kind.";

    private static final int MOST_DIGITS = 3;

    private final Database database;
    private final Channels channels;
    private final InstantSource clock;
    private final AuditLog audit = new AuditLog();

    NoticeForms(Database database, Channels channels, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.channels = requireNonNull(channels, "channels is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Takes an address, which is asked by mail. */
    Future<FormAnswer> address(Principal traveller, Map<String, String> form) {
        Optional<MailAddress> address = MailAddress.parse(form.getOrDefault("address", ""));
        if (!channels.sends() || address.isEmpty()) {
            return FormAnswer.refused("notices.invalid.address", form);
        }
        return act(
                traveller,
                form,
                "notices.address_set",
                connection -> find(connection, traveller).compose(channel -> {
                    ChannelWish before = channel.map(Channel::wish).orElseGet(() -> ChannelWish.usual(language(form)));
                    ChannelWish wish = new ChannelWish(before.kinds(), before.maxPerDay(), language(form));
                    return channels.set(connection, traveller.tenantId(), subscription(traveller), address.get(), wish);
                }));
    }

    /** Asks the same address once more. */
    Future<FormAnswer> again(Principal traveller, Map<String, String> form) {
        return act(
                traveller,
                form,
                "notices.address_set",
                connection -> find(connection, traveller)
                        .compose(channel -> channel.isEmpty()
                                ? Future.succeededFuture(ChannelOutcome.NO_CHANNEL)
                                : channels.set(
                                        connection,
                                        traveller.tenantId(),
                                        subscription(traveller),
                                        channel.get().address(),
                                        channel.get().wish())));
    }

    /** Chooses what is told, how much of it a day and in which language. */
    Future<FormAnswer> choose(Principal traveller, Map<String, String> form) {
        String max = form.getOrDefault("max", "").strip();
        boolean isNumber = max.matches("[0-9]{1," + MOST_DIGITS + "}");
        if (!isNumber || Integer.parseInt(max) > ChannelWish.MOST_PER_DAY) {
            return FormAnswer.refused("notices.invalid.max", form);
        }
        Set<NoticeKind> kinds = EnumSet.noneOf(NoticeKind.class);
        for (NoticeKind kind : NoticeKind.values()) {
            if (form.containsKey(KIND + kind.word())) {
                kinds.add(kind);
            }
        }
        ChannelWish wish = new ChannelWish(kinds, Integer.parseInt(max), language(form));
        return act(
                traveller,
                form,
                "notices.chosen",
                connection -> channels.choose(connection, traveller.tenantId(), subscription(traveller), wish));
    }

    Future<FormAnswer> test(Principal traveller, Map<String, String> form) {
        return act(
                traveller,
                form,
                "notices.tested",
                connection -> channels.test(connection, traveller.tenantId(), subscription(traveller)));
    }

    Future<FormAnswer> remove(Principal traveller, Map<String, String> form) {
        return act(
                traveller,
                form,
                "notices.removed",
                connection -> channels.remove(connection, traveller.tenantId(), subscription(traveller))
                        .map(ChannelOutcome.DONE));
    }

    /** One act and what the audit log keeps of it: never the address. */
    private Future<FormAnswer> act(
            Principal traveller,
            Map<String, String> form,
            String action,
            Function<SqlConnection, Future<ChannelOutcome>> act) {
        return database.inTenant(
                traveller.tenantId(),
                connection -> act.apply(connection).compose(outcome -> switch (outcome) {
                    case DONE, ASKED -> audit(connection, traveller, action).map(new FormAnswer.Done());
                    case NO_CHANNEL -> FormAnswer.refused("notices.nochannel", form);
                    case TOO_MANY -> FormAnswer.refused("notices.toomany", form);
                }));
    }

    private Future<Void> audit(SqlConnection connection, Principal traveller, String action) {
        return audit.append(
                connection,
                new AuditEntry(
                        traveller.tenantId(),
                        clock.instant(),
                        "self-care",
                        action,
                        PublicId.SUBSCRIPTION.format(subscription(traveller)),
                        null,
                        null,
                        Map.of(),
                        traveller.tokenId()));
    }

    private Future<Optional<Channel>> find(SqlConnection connection, Principal traveller) {
        return channels.find(connection, traveller.tenantId(), subscription(traveller));
    }

    /** The language of the page that the form was on. */
    private static String language(Map<String, String> form) {
        return dev.octroi.http.Languages.choose(form.get("lang"), null, "en").getLanguage();
    }

    private static long subscription(Principal traveller) {
        return traveller.subscriptionId().orElseThrow();
    }
}
