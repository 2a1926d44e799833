package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.Pieces;
import dev.octroi.notice.words.NoticeKind;
import dev.octroi.secret.Aad;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.SealBrokenException;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * Travellers' addresses: given, confirmed by whoever reads them, changed and removed. An address is sealed; nobody is written to but
 * to ask, before the reader has pressed a button.
 */
public final class Channels {
    /** How long an address waits for its word. */
    private static final Duration PENDING = Duration.ofDays(2);
    /** How long after the end of a plan its traveller may still hear of a case or a credit. */
    private static final Duration AFTER_THE_END = Duration.ofDays(30);

    private static final Duration DAY = Duration.ofDays(1);
    /** How long whoever pressed "no more" in a mail that asked is not asked again. */
    private static final Duration REFUSED = Duration.ofDays(30);

    /** How long messages are kept: longer than an event can be read for the first time. */
    private static final Duration KEPT = Duration.ofDays(40);

    private static final int MAX_CONFIRMATIONS = 5;
    /** Of one address in a day, whoever names it. */
    private static final int MAX_ASKED = 5;

    private static final int MAX_TESTS = 3;
    private static final int PURGED_AT_ONCE = 1_000;
    private static final int MESSAGES_PURGED_AT_ONCE = 5_000;
    private static final int PURGE_ROUNDS = 20;

    private final Database database;
    private final Sealer sealer;
    private final BlindIndex index;
    private final NoticeTokens tokens;
    private final Ids ids;
    private final InstantSource clock;
    private final boolean sends;
    private final ChannelStore store = new ChannelStore();
    private final NoticeStore notices = new NoticeStore();
    private final AskedStore asked = new AskedStore();
    private final CursorStore cursors = new CursorStore();

    /**
     * @param index knows an address again that was asked before
     * @param key what links in messages are signed with
     * @param sends whether this installation sends mail; without it no address is taken
     */
    public Channels(
            Database database,
            Sealer sealer,
            BlindIndex index,
            SecretKey key,
            Ids ids,
            InstantSource clock,
            boolean sends) {
        this.database = requireNonNull(database, "database is null");
        this.sealer = requireNonNull(sealer, "sealer is null");
        this.index = requireNonNull(index, "index is null");
        this.tokens = new NoticeTokens(key);
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.sends = sends;
    }

    /** Whether this installation sends mail. */
    public boolean sends() {
        return sends;
    }

    /** The channel of a subscription. */
    public Future<Optional<Channel>> find(SqlClient client, int tenantId, long subscriptionId) {
        return store.find(client, tenantId, subscriptionId)
                .map(found -> found.flatMap(each -> channel(tenantId, each)));
    }

    /**
     * Gives a subscription an address, in the caller's transaction; {@link ChannelOutcome#ASKED} where it has been written to. One that
     * is there already keeps its state, and is asked again while it waits.
     */
    public Future<ChannelOutcome> set(
            SqlConnection connection, int tenantId, long subscriptionId, MailAddress address, ChannelWish wish) {
        return store.hold(connection, tenantId, subscriptionId).compose(held -> {
            Optional<Channel> before = held.flatMap(each -> channel(tenantId, each));
            boolean isSame = before.isPresent() && before.get().address().equals(address);
            return isSame && before.get().state() == ChannelState.CONFIRMED
                    ? store.choose(connection, tenantId, subscriptionId, wish).map(ChannelOutcome.DONE)
                    : ask(connection, tenantId, subscriptionId, address, wish);
        });
    }

    /** A link of before is of no use any more, so that only the last one counts. */
    private Future<ChannelOutcome> ask(
            SqlConnection connection, int tenantId, long subscriptionId, MailAddress address, ChannelWish wish) {
        Instant now = clock.instant();
        return notices.count(connection, tenantId, subscriptionId, NoticeStore.What.CONFIRM, now.minus(DAY))
                .compose(before -> before >= MAX_CONFIRMATIONS
                        ? Future.succeededFuture(false)
                        : asked.ask(connection, indexOf(address), now, now.minus(DAY), now.minus(REFUSED), MAX_ASKED))
                .compose(mayBeAsked -> {
                    if (!mayBeAsked) {
                        return Future.succeededFuture(ChannelOutcome.TOO_MANY);
                    }
                    int shard = Ids.shardOf(subscriptionId);
                    long number = ids.next(shard);
                    byte[] sealed = sealer.sealText(place(tenantId, subscriptionId), address.reveal());
                    return store.replace(connection, tenantId, subscriptionId, number, sealed, wish, now)
                            .compose(done -> cursors.begin(connection, tenantId))
                            .compose(done -> notices.add(
                                    connection,
                                    tenantId,
                                    ids.next(shard),
                                    subscriptionId,
                                    number,
                                    NoticeStore.What.CONFIRM,
                                    now))
                            .map(ChannelOutcome.ASKED);
                });
    }

    /** Changes what is told, in the caller's transaction; where there is no address it changes nothing. */
    public Future<ChannelOutcome> choose(
            SqlConnection connection, int tenantId, long subscriptionId, ChannelWish wish) {
        return store.hold(connection, tenantId, subscriptionId)
                .compose(held -> held.isEmpty()
                        ? Future.succeededFuture(ChannelOutcome.NO_CHANNEL)
                        : store.choose(connection, tenantId, subscriptionId, wish)
                                .map(ChannelOutcome.DONE));
    }

    /** Removes the address of a subscription, in the caller's transaction; whether there was one. */
    public Future<Boolean> remove(SqlConnection connection, int tenantId, long subscriptionId) {
        return store.remove(connection, tenantId, subscriptionId);
    }

    /** Sends a message to see whether messages arrive, in the caller's transaction; at most three a day. */
    public Future<ChannelOutcome> test(SqlConnection connection, int tenantId, long subscriptionId) {
        Instant now = clock.instant();
        return store.hold(connection, tenantId, subscriptionId).compose(held -> {
            if (held.isEmpty() || held.get().state() != ChannelState.CONFIRMED) {
                return Future.succeededFuture(ChannelOutcome.NO_CHANNEL);
            }
            return notices.count(connection, tenantId, subscriptionId, NoticeStore.What.TEST, now.minus(DAY))
                    .compose(sent -> sent >= MAX_TESTS
                            ? Future.succeededFuture(ChannelOutcome.TOO_MANY)
                            : notices.add(
                                            connection,
                                            tenantId,
                                            ids.next(Ids.shardOf(subscriptionId)),
                                            subscriptionId,
                                            held.get().number(),
                                            NoticeStore.What.TEST,
                                            now)
                                    .map(ChannelOutcome.DONE));
        });
    }

    /** Whether the link of a confirmation is of an address that is there. */
    public Future<Boolean> isWaiting(String token) {
        return isThere(NoticeTokens.Purpose.CONFIRM, token);
    }

    /** Whether the link that ends all messages is of an address that is there. */
    public Future<Boolean> isTold(String token) {
        return isThere(NoticeTokens.Purpose.STOP, token);
    }

    private Future<Boolean> isThere(NoticeTokens.Purpose purpose, String token) {
        return tokens.read(purpose, token)
                .map(name -> store.exists(database.workerPool(), name.tenantId(), name.number()))
                .orElseGet(() -> Future.succeededFuture(false));
    }

    /** Whoever reads an address says that messages are wanted there; false where the link is of none any more. */
    public Future<Boolean> confirm(String token) {
        Instant now = clock.instant();
        return tokens.read(NoticeTokens.Purpose.CONFIRM, token)
                .map(name -> database.inTenant(
                                name.tenantId(),
                                connection -> store.confirm(
                                        connection, name.tenantId(), name.number(), now, now.minus(PENDING)))
                        .map(Optional::isPresent))
                .orElseGet(() -> Future.succeededFuture(false));
    }

    /**
     * Whoever reads an address wants no more messages there: it is forgotten, and where it had only been asked it is not asked again
     * for a month. False where the link was of none.
     */
    public Future<Boolean> stop(String token) {
        return tokens.read(NoticeTokens.Purpose.STOP, token)
                .map(name -> database.inTenant(name.tenantId(), connection -> stop(connection, name))
                        // Who presses twice has ended it all the same.
                        .map(true))
                .orElseGet(() -> Future.succeededFuture(false));
    }

    private Future<Void> stop(SqlConnection connection, NoticeTokens.Name name) {
        return store.removeNumber(connection, name.tenantId(), name.number())
                .compose(removed -> removed.flatMap(each -> channel(name.tenantId(), each))
                        .filter(channel -> channel.state() == ChannelState.PENDING)
                        .map(channel -> asked.refuse(connection, indexOf(channel.address()), clock.instant()))
                        .orElseGet(Future::succeededFuture));
    }

    private byte[] indexOf(MailAddress address) {
        return index.network(IdentifierKind.EMAIL, address.reveal());
    }

    /** Forgets addresses that nobody confirmed within two days, and those of plans that ended a month ago; how many. */
    public Future<Integer> purge() {
        Instant now = clock.instant();
        return Pieces.remove(
                database,
                connection -> store.purge(connection, now.minus(PENDING), now.minus(AFTER_THE_END), PURGED_AT_ONCE),
                PURGED_AT_ONCE,
                PURGE_ROUNDS);
    }

    /** Forgets that addresses were asked, or refused, long ago; how many. */
    public Future<Integer> purgeAsked() {
        Instant now = clock.instant();
        return Pieces.remove(
                database,
                connection -> asked.purge(connection, now.minus(DAY), now.minus(REFUSED), PURGED_AT_ONCE),
                PURGED_AT_ONCE,
                PURGE_ROUNDS);
    }

    /** Forgets messages of more than 40 days ago, also where none are sent any more; how many. */
    public Future<Integer> purgeMessages() {
        Instant now = clock.instant();
        return Pieces.remove(
                database,
                connection -> notices.purge(connection, now.minus(KEPT), MESSAGES_PURGED_AT_ONCE),
                MESSAGES_PURGED_AT_ONCE,
                PURGE_ROUNDS);
    }

    /** What a message is known by, the same each time it is sent: receivers put a second one away. */
    String messageId(int tenantId, long id) {
        return tokens.messageId(tenantId, id);
    }

    /** The path of the link that confirms an address. */
    String confirmPath(int tenantId, long number) {
        return "/n/" + tokens.of(NoticeTokens.Purpose.CONFIRM, tenantId, number);
    }

    /** The path of the link that ends all messages, by one POST (RFC 8058). */
    String stopPath(int tenantId, long number) {
        return "/n/" + tokens.of(NoticeTokens.Purpose.STOP, tenantId, number) + "/stop";
    }

    /** An address whose key was destroyed is as good as none: its traveller gives it again. */
    private Optional<Channel> channel(int tenantId, ChannelStore.Stored stored) {
        String clear;
        try {
            clear = sealer.openText(place(tenantId, stored.subscriptionId()), stored.sealed());
        } catch (SealBrokenException e) {
            return Optional.empty();
        }
        Set<NoticeKind> kinds = EnumSet.allOf(NoticeKind.class);
        stored.muted().forEach(word -> NoticeKind.of(word).ifPresent(kinds::remove));
        ChannelWish wish = new ChannelWish(kinds, stored.maxPerDay(), stored.language());
        return MailAddress.parse(clear).map(address -> new Channel(stored.number(), address, stored.state(), wish));
    }

    private static Aad place(int tenantId, long subscriptionId) {
        return Aad.of(tenantId, "notice_channel", "address_sealed", subscriptionId);
    }
}
