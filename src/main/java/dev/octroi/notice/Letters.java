package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.SelfCareLinks;
import dev.octroi.db.Database;
import dev.octroi.notice.words.NoticeLinks;
import dev.octroi.notice.words.NoticeRules;
import dev.octroi.notice.words.NoticeText;
import dev.octroi.notice.words.NoticeWords;
import dev.octroi.notice.words.Now;
import dev.octroi.notice.words.Occurrence;
import dev.octroi.notice.words.Reader;
import dev.octroi.policy.Policy;
import dev.octroi.policy.Speed;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Delivery;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Locale;
import java.util.Optional;

/** Writes a message at the moment of its sending, with what holds then. */
final class Letters {
    private final Database database;
    private final Channels channels;
    private final SelfCareLinks links;
    private final AccountReader accounts;
    private final String publicUrl;
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final NoticeStore notices = new NoticeStore();

    /** @param publicUrl where travellers reach their pages, without a slash at the end */
    Letters(Database database, Channels channels, SelfCareLinks links, AccountReader accounts, String publicUrl) {
        this.database = requireNonNull(database, "database is null");
        this.channels = requireNonNull(channels, "channels is null");
        this.links = requireNonNull(links, "links is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.publicUrl = requireNonNull(publicUrl, "publicUrl is null");
    }

    /** What a message is written from. */
    private record Ground(Channel channel, Subscription subscription, Optional<Occurrence> event, String page) {}

    /** The mail of a message; empty where nobody wants it any more. */
    Future<Optional<Mailer.Mail>> of(NoticeStore.Claimed claimed) {
        return database.inWorker(connection -> ground(connection, claimed))
                .compose(ground -> ground.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : accounts.viewOfSubscription(claimed.tenantId(), claimed.subscriptionId())
                                .map(account -> account.flatMap(each -> text(claimed, ground.get(), each))
                                        .map(text -> mail(claimed, ground.get().channel(), text))));
    }

    private Future<Optional<Ground>> ground(SqlConnection connection, NoticeStore.Claimed claimed) {
        int tenant = claimed.tenantId();
        return channels.find(connection, tenant, claimed.subscriptionId()).compose(found -> {
            Optional<Channel> channel = found.filter(each -> isFor(each, claimed));
            return channel.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : subscriptions
                            .find(connection, tenant, claimed.subscriptionId())
                            .compose(subscription -> subscription.isEmpty()
                                    ? Future.succeededFuture(Optional.empty())
                                    : ground(connection, claimed, channel.get(), subscription.get())
                                            .map(Optional::of));
        });
    }

    private Future<Ground> ground(
            SqlConnection connection, NoticeStore.Claimed claimed, Channel channel, Subscription subscription) {
        return notices.event(connection, claimed)
                .compose(
                        event -> page(connection, claimed).map(page -> new Ground(channel, subscription, event, page)));
    }

    /** Whoever has yet to say that the address is the traveller's gets no link to the page. */
    private Future<String> page(SqlConnection connection, NoticeStore.Claimed claimed) {
        return claimed.what() == NoticeStore.What.CONFIRM
                ? Future.succeededFuture("")
                : links.issue(connection, claimed.tenantId(), claimed.subscriptionId())
                        .map(token -> publicUrl + "/s/" + token.reveal());
    }

    /** A message for an address of before, or one that the traveller has taken back, is for nobody. */
    private static boolean isFor(Channel channel, NoticeStore.Claimed claimed) {
        ChannelState wanted =
                claimed.what() == NoticeStore.What.CONFIRM ? ChannelState.PENDING : ChannelState.CONFIRMED;
        return channel.number() == claimed.channelNumber() && channel.state() == wanted;
    }

    private Optional<NoticeText> text(NoticeStore.Claimed claimed, Ground ground, AccountView account) {
        Reader reader = new Reader(
                Locale.of(ground.channel().wish().language()),
                account.timeZone(),
                ground.subscription().planName());
        NoticeLinks to = new NoticeLinks(ground.page(), stop(claimed));
        return switch (claimed.what()) {
            case TEST -> Optional.of(NoticeWords.test(reader, to));
            case CONFIRM ->
                Optional.of(NoticeWords.confirmation(
                        reader,
                        publicUrl
                                + channels.confirmPath(claimed.tenantId(), claimed.channelNumber())
                                + "?lang="
                                + ground.channel().wish().language()));
            case EVENT ->
                ground.event()
                        .flatMap(event -> NoticeRules.of(event)
                                .filter(choice ->
                                        ground.channel().wish().kinds().contains(choice.kind()))
                                .map(choice -> NoticeWords.of(event, choice, reader, now(account), to)));
        };
    }

    private Mailer.Mail mail(NoticeStore.Claimed claimed, Channel channel, NoticeText text) {
        return new Mailer.Mail(
                channel.address(),
                channels.messageId(claimed.tenantId(), claimed.id()),
                text,
                Locale.of(channel.wish().language()),
                stop(claimed));
    }

    private String stop(NoticeStore.Claimed claimed) {
        return publicUrl + channels.stopPath(claimed.tenantId(), claimed.channelNumber());
    }

    private static Now now(AccountView account) {
        Policy policy = account.policy();
        Speed speed = policy.speed();
        Delivery delivery = account.delivery();
        return new Now(
                policy.level().word(),
                speed == null ? 0 : speed.downKbps(),
                account.spendableBytes(),
                account.totalBytes(),
                delivery == null || delivery.confirmedVersion() >= policy.version());
    }
}
