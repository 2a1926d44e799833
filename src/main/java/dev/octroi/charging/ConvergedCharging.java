package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.drain.Category;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Charged;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.secret.Aad;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Sealer;
import dev.octroi.usage.Devices;
import io.vertx.core.Future;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Nchf_ConvergedCharging (3GPP TS 32.290, TS 32.291): messages of sessions become commands of their accounts, decided and
 * counted as everything else is. An answer is given when all of it is on disk.
 */
public final class ConvergedCharging {
    static final String TABLE = "charging_session";
    static final String NOTIFY_TO = "notify_to";

    /** A creation that comes again is the same one within this. */
    private static final Duration CREATE_REPLAY = Duration.ofHours(1);
    /** Within a session numbers do not come back. */
    private static final Duration NUMBERED_REPLAY = Duration.ofDays(3);
    /** Where messages have no numbers, the same bytes within this are the same message. */
    private static final Duration SAME_BYTES_REPLAY = Duration.ofSeconds(5);

    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    private static final int HASH_BYTES = 16;

    private final Database database;
    private final Accounts accounts;
    private final BlindIndex index;
    private final Sealer sealer;
    private final Ids ids;
    private final InstantSource clock;
    private final Duration latenessHorizon;
    private final GrantTerms terms;
    private final ChargingAnswers answers;
    private final AccountLinkStore links = new AccountLinkStore();

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
        this.latenessHorizon = requireNonNull(latenessHorizon, "latenessHorizon is null");
        this.terms = requireNonNull(terms, "terms is null");
        this.answers = new ChargingAnswers(topUpUrl);
    }

    /**
     * An answered message.
     *
     * @param ref the session's ChargingDataRef
     * @param body the ChargingDataResponse, JSON
     */
    public record Answered(String ref, String body) {}

    /** Opens a session, or takes a one-time event; a failed future carries {@link NfProblem.RefusedException} where the message is at fault. */
    public Future<Answered> create(NfConsumer consumer, byte[] body) {
        ChargingMessage message = new ChargingReader(consumer.profile()).read(body);
        String imsi = message.imsi().filter(consumer.coversImsi()).orElse(null);
        if (imsi == null) {
            return Future.failedFuture(NfProblem.userUnknown().refuse());
        }
        return account(imsi).compose(found -> {
            AccountKey key = found.filter(account -> consumer.servesTenant().test(account.tenantId()))
                    .orElseThrow(() -> NfProblem.userUnknown().refuse());
            ChargingRef ref = new ChargingRef(key, ids.next(key.vshard()));
            ChargeCommand.Step step = message.oneTimeEvent() ? ChargeCommand.Step.EVENT : ChargeCommand.Step.CREATE;
            boolean named = consumer.profile().numbersMessages() && message.namesItsSession();
            String identity = "c:" + hash(named ? created(message, imsi).getBytes(StandardCharsets.UTF_8) : body);
            return submit(consumer, ref, step, message, identity, named ? CREATE_REPLAY : SAME_BYTES_REPLAY);
        });
    }

    /** Takes a report within a session and answers with what may be used next. */
    public Future<Answered> update(NfConsumer consumer, String reference, byte[] body) {
        return within(consumer, reference, ChargeCommand.Step.UPDATE, body, "u:");
    }

    /** Ends a session; what was promised is given back. */
    public Future<Void> release(NfConsumer consumer, String reference, byte[] body) {
        return within(consumer, reference, ChargeCommand.Step.RELEASE, body, "r:")
                .mapEmpty();
    }

    private Future<Answered> within(
            NfConsumer consumer, String reference, ChargeCommand.Step step, byte[] body, String prefix) {
        ChargingMessage message = new ChargingReader(consumer.profile()).read(body);
        ChargingRef ref = ChargingRef.of(reference)
                .filter(known -> consumer.servesTenant().test(known.account().tenantId()))
                .orElseThrow(() -> NfProblem.contextNotFound().refuse());
        return consumer.profile().numbersMessages()
                ? submit(consumer, ref, step, message, prefix + message.sequence(), NUMBERED_REPLAY)
                : submit(consumer, ref, step, message, prefix + hash(body), SAME_BYTES_REPLAY);
    }

    private Future<Answered> submit(
            NfConsumer consumer,
            ChargingRef ref,
            ChargeCommand.Step step,
            ChargingMessage message,
            String identity,
            Duration replay) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<Long, Long> reported = new HashMap<>();
        Set<Long> returned = new HashSet<>();
        Set<Long> kept = new HashSet<>();
        List<Long> asking = new ArrayList<>();
        ChargeCommand.Containers containers = null;
        for (ChargingMessage.UnitUsage usage : message.usages()) {
            for (ChargingMessage.Container container : usage.containers()) {
                reported.merge(usage.ratingGroup(), container.upBytes() + container.downBytes(), Long::sum);
                if (consumer.profile().numbersMessages()) {
                    containers = ChargeCommand.Containers.and(containers, container.sequence());
                }
            }
            (usage.returns() ? returned : kept).add(usage.ratingGroup());
            if (usage.asks() && step != ChargeCommand.Step.RELEASE && !asking.contains(usage.ratingGroup())) {
                asking.add(usage.ratingGroup());
            }
        }
        returned.removeAll(kept);
        ChargeCommand charge = new ChargeCommand(
                step,
                ref.number(),
                consumer.partnerId(),
                identity,
                replay,
                countableAt(message.at(), now),
                records(consumer, ref, message, now),
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

    private Answered answered(NfConsumer consumer, ChargingRef ref, ChargingMessage message, Outcome outcome) {
        Charged charged = switch (outcome) {
            case Outcome.Accepted accepted -> requireNonNull(accepted.charged(), "a charge without an answer");
            case Outcome.Duplicate same -> requireNonNull(same.charged(), "a charge without an answer");
            case Outcome.Refused refused -> throw problem(refused).refuse();
        };
        return new Answered(
                new ChargingRef(ref.account(), charged.session()).text(),
                answers.render(message, charged.answer(), consumer.profile()));
    }

    private static NfProblem problem(Outcome.Refused refused) {
        return switch (refused.code()) {
            case UNKNOWN_ACCOUNT, UNKNOWN_SESSION -> NfProblem.contextNotFound();
            case BUSY -> NfProblem.of(503, "NF_CONGESTION", refused.detail());
            case TOO_MANY_SESSIONS -> NfProblem.of(403, "END_USER_REQUEST_DENIED", refused.detail());
            default -> NfProblem.of(400, "CHARGING_FAILED", refused.detail());
        };
    }

    private List<UsageRecord> records(NfConsumer consumer, ChargingRef ref, ChargingMessage message, Instant now) {
        List<UsageRecord> records = new ArrayList<>();
        boolean numbered = consumer.profile().numbersMessages();
        String unnumbered =
                numbered ? "" : Long.toHexString(ids.next(ref.account().vshard()));
        for (ChargingMessage.UnitUsage usage : message.usages()) {
            for (ChargingMessage.Container container : usage.containers()) {
                String key = numbered
                        ? Long.toHexString(ref.number()) + "." + part(usage) + "." + container.sequence()
                        : Long.toHexString(ref.number()) + "." + unnumbered + "." + records.size();
                records.add(record(consumer, key, message, container, now));
            }
        }
        return records;
    }

    /** Containers are numbered within it. */
    private static String part(ChargingMessage.UnitUsage usage) {
        return usage.upfId()
                .map(upf -> usage.ratingGroup() + "-" + Integer.toHexString(upf.hashCode()))
                .orElseGet(() -> Long.toString(usage.ratingGroup()));
    }

    private UsageRecord record(
            NfConsumer consumer,
            String key,
            ChargingMessage message,
            ChargingMessage.Container container,
            Instant now) {
        Instant end = countableAt(container.at().orElse(message.at()), now);
        var place = container.place();
        return new UsageRecord(
                consumer.source(),
                key,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                end,
                end,
                now,
                container.upBytes(),
                container.downBytes(),
                place.map(at -> at.plmn()).orElse(ChargeCommand.UNKNOWN_PLMN),
                place.map(at -> at.country()).orElse("ZZ"),
                place.map(at -> at.area()).orElse(null),
                container.rat().or(message::rat).orElse("unknown"),
                Category.OTHER);
    }

    /** A time of a foreign clock as far as it can be believed. */
    private Instant countableAt(Instant at, Instant now) {
        return at.isAfter(now.plus(CLOCK_SKEW)) || at.isBefore(now.minus(latenessHorizon)) ? now : at;
    }

    /**
     * What is the same in a creation that comes again and in no other. The time is part of it: a consumer counts anew when it
     * restarts, and may give the same numbers to another session.
     */
    private static String created(ChargingMessage message, String imsi) {
        return String.join(
                "|",
                message.consumerName(),
                imsi,
                message.chargingId().toString(),
                message.smfChargingId().toString(),
                message.pduSessionId().toString(),
                Long.toString(message.sequence()),
                message.at().toString());
    }

    private Future<Optional<AccountKey>> account(String imsi) {
        return links.ofImsi(database.workerPool(), index.network(IdentifierKind.IMSI, imsi));
    }

    private String seal(ChargingRef ref, String uri) {
        Aad place =
                Aad.of(ref.account().tenantId(), TABLE, NOTIFY_TO, ref.account().accountId());
        return Base64.getEncoder().encodeToString(sealer.sealText(place, uri));
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(Arrays.copyOf(digest, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
