package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Charged;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.secret.Aad;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Sealer;
import dev.octroi.usage.Devices;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nchf_ConvergedCharging (3GPP TS 32.290, TS 32.291): messages of sessions become commands of their accounts, decided and
 * counted as everything else is. An answer is given when all of it is on disk.
 */
public final class ConvergedCharging {
    private static final Logger log = LoggerFactory.getLogger(ConvergedCharging.class);

    static final String TABLE = "charging_session";
    static final String NOTIFY_TO = "notify_to";

    private final Database database;
    private final Accounts accounts;
    private final BlindIndex index;
    private final Sealer sealer;
    private final Ids ids;
    private final InstantSource clock;
    private final ContainerRecords records;
    private final GrantTerms terms;
    private final ChargingAnswers answers;
    /** Partners of which it was said already. */
    private final Set<Long> misnumbering = ConcurrentHashMap.newKeySet();

    private final AccountLinkStore links = new AccountLinkStore();
    private final AccountStore store = new AccountStore();

    /**
     * @param latenessHorizon containers that were closed longer ago count at the moment they arrive
     * @param topUpUrl where traffic is redirected to when the volume ends
     */
    public ConvergedCharging(
            Database database,
            Accounts accounts,
            BlindIndex index,
            Sealer sealer,
            Ids ids,
            InstantSource clock,
            Duration latenessHorizon,
            GrantTerms terms,
            Optional<URI> topUpUrl) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.index = requireNonNull(index, "index is null");
        this.sealer = requireNonNull(sealer, "sealer is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.records = new ContainerRecords(ids, latenessHorizon);
        this.terms = requireNonNull(terms, "terms is null");
        this.answers = new ChargingAnswers(topUpUrl);
    }

    /**
     * An answered message.
     *
     * @param ref the session's ChargingDataRef
     * @param body the ChargingDataResponse, JSON
     * @param ignoredBytes what it reported and was not counted, because it is charged offline
     */
    public record Answered(String ref, String body, long ignoredBytes) {}

    /**
     * Opens a session, or takes a one-time event; a failed future carries {@link NfProblem.RefusedException} where the message is
     * at fault.
     */
    public Future<Answered> create(NfConsumer consumer, byte[] body) {
        ChargingMessage message = read(consumer, body);
        String imsi = message.imsi().filter(consumer.coversImsi()).orElse(null);
        if (imsi == null) {
            return Future.failedFuture(NfProblem.userUnknown().refuse());
        }
        return account(imsi).compose(found -> {
            AccountKey key = found.filter(account -> consumer.servesTenant().test(account.tenantId()))
                    .orElseThrow(() -> NfProblem.userUnknown().refuse());
            ChargingRef ref = new ChargingRef(key, ids.next(key.vshard()));
            ChargeCommand.Step step = message.oneTimeEvent() ? ChargeCommand.Step.EVENT : ChargeCommand.Step.CREATE;
            MessageIdentity identity = MessageIdentity.ofCreation(consumer.profile(), message, imsi, body);
            Future<Answered> answered = submit(consumer, ref, step, message, identity);
            return message.oneTimeEvent()
                    ? answered
                    : answered.compose(opened -> account(imsi)
                            .compose(now -> now.equals(found) ? Future.succeededFuture(opened) : cutOff(key, opened)));
        });
    }

    /** A SIM that was replaced before its session was on disk: who replaced it could not see the session, and bar it. */
    private Future<Answered> cutOff(AccountKey key, Answered opened) {
        long number = ChargingRef.of(opened.ref()).orElseThrow().number();
        return database.inWorker(connection -> store.barSession(connection, key, number, clock.instant()))
                .compose(done -> Future.failedFuture(NfProblem.userUnknown().refuse()));
    }

    /** Takes a report within a session and answers with what may be used next. */
    public Future<Answered> update(NfConsumer consumer, String reference, byte[] body) {
        return within(consumer, reference, ChargeCommand.Step.UPDATE, body, "u:");
    }

    /** Ends a session; what was promised is given back. */
    public Future<Answered> release(NfConsumer consumer, String reference, byte[] body) {
        return within(consumer, reference, ChargeCommand.Step.RELEASE, body, "r:");
    }

    private Future<Answered> within(
            NfConsumer consumer, String reference, ChargeCommand.Step step, byte[] body, String prefix) {
        ChargingMessage message = read(consumer, body);
        ChargingRef ref = ChargingRef.of(reference)
                .filter(known -> consumer.servesTenant().test(known.account().tenantId()))
                .orElseThrow(() -> NfProblem.contextNotFound().refuse());
        return submit(consumer, ref, step, message, MessageIdentity.within(consumer.profile(), prefix, message, body));
    }

    private static ChargingMessage read(NfConsumer consumer, byte[] body) {
        return new ChargingReader(consumer.profile(), consumer.ignoresOffline()).read(body);
    }

    private Future<Answered> submit(
            NfConsumer consumer,
            ChargingRef ref,
            ChargeCommand.Step step,
            ChargingMessage message,
            MessageIdentity identity) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<GrantHolder, Long> reported = new HashMap<>();
        Set<GrantHolder> returned = new HashSet<>();
        ChargeCommand.Containers containers = null;
        for (ChargingMessage.UnitUsage usage : message.usages()) {
            GrantHolder holder = holder(usage);
            for (ChargingMessage.Container container : usage.containers()) {
                reported.merge(holder, container.upBytes() + container.downBytes(), Long::sum);
                if (consumer.profile().numbersMessages()) {
                    containers = ChargeCommand.Containers.and(containers, container.sequence());
                }
            }
            if (usage.returns()) {
                returned.add(holder);
            }
        }
        List<GrantHolder> asking = step == ChargeCommand.Step.RELEASE
                ? List.of()
                : message.asking().stream().map(ConvergedCharging::holder).toList();
        ChargeCommand charge = new ChargeCommand(
                step,
                ref.number(),
                consumer.partnerId(),
                identity.text(),
                identity.replay(),
                records.countableAt(message.at(), now),
                records.of(consumer, ref, message, now),
                containers,
                reported,
                returned,
                asking,
                message.place().orElse(null),
                message.imei().flatMap(digits -> Devices.hash(index, digits)).orElse(null),
                message.notifyUri().map(uri -> seal(ref, uri)).orElse(null),
                terms,
                Actor.network(consumer.source()));
        return accounts.submit(ref.account(), charge).map(outcome -> answered(consumer, ref, message, outcome));
    }

    private static GrantHolder holder(ChargingMessage.UnitUsage usage) {
        return new GrantHolder(
                usage.ratingGroup(), usage.upfId().map(MessageIdentity::hash).orElse(""));
    }

    private Answered answered(NfConsumer consumer, ChargingRef ref, ChargingMessage message, Outcome outcome) {
        Charged charged = switch (outcome) {
            case Outcome.Accepted accepted -> requireNonNull(accepted.charged(), "a charge without an answer");
            case Outcome.Duplicate same -> requireNonNull(same.charged(), "a charge without an answer");
            case Outcome.Refused refused -> throw problem(consumer, refused).refuse();
        };
        return new Answered(
                new ChargingRef(ref.account(), charged.session()).text(),
                answers.render(message, charged, consumer.profile()),
                message.ignoredBytes());
    }

    private NfProblem problem(NfConsumer consumer, Outcome.Refused refused) {
        if (refused.code() == Refusal.NUMBER_REUSED && misnumbering.add(consumer.partnerId())) {
            log.warn(
                    "partner {} gives one number to several messages of a session: what these report is refused. A consumer"
                            + " that numbers nothing needs another charging profile.",
                    consumer.partnerId());
        }
        return switch (refused.code()) {
            case UNKNOWN_ACCOUNT, UNKNOWN_SESSION -> NfProblem.contextNotFound();
            case BUSY -> NfProblem.of(503, "NF_CONGESTION", refused.detail());
            case TOO_MANY_SESSIONS -> NfProblem.of(403, "END_USER_REQUEST_DENIED", refused.detail());
            case NUMBER_REUSED -> NfProblem.NUMBER_REUSED;
            default -> NfProblem.of(400, "CHARGING_FAILED", refused.detail());
        };
    }

    private Future<Optional<AccountKey>> account(String imsi) {
        return links.ofImsi(database.workerPool(), index.network(IdentifierKind.IMSI, imsi));
    }

    private String seal(ChargingRef ref, String uri) {
        Aad place =
                Aad.of(ref.account().tenantId(), TABLE, NOTIFY_TO, ref.account().accountId());
        return Base64.getEncoder().encodeToString(sealer.sealText(place, uri));
    }
}
