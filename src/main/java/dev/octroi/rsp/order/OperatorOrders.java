package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.rsp.session.PrepareDownload;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The functions of ES2+ (SGP.22 §5.3) for operators that order profiles here. An operator sees the profiles of the
 * tenant that its certificate stands for, and no others.
 */
public final class OperatorOrders {
    private static final Pattern MATCHING_ID = Pattern.compile("[0-9A-Z-]{1,200}");
    private static final String UNIQUE_VIOLATION = "23505";

    private final Es9Ground ground;
    private final ProgressStore progress = new ProgressStore();
    private final ProfileMaker maker;
    private final Supplier<String> tokens;

    /**
     * Orders beside the download functions.
     *
     * @param maker makes profiles when none is in stock
     * @param tokens makes matching ids
     */
    public OperatorOrders(Downloads downloads, ProfileMaker maker, Supplier<String> tokens) {
        this.ground = requireNonNull(downloads, "downloads is null").ground();
        this.maker = requireNonNull(maker, "maker is null");
        this.tokens = requireNonNull(tokens, "tokens is null");
    }

    /**
     * Who calls.
     *
     * @param tenantId the tenant that the certificate stands for
     * @param operatorId the partner, who hears of the progress
     */
    public record Caller(int tenantId, long operatorId) {}

    /** ES2+.DownloadOrder: reserves a profile by its number or of a type; gives its number. */
    public Future<Outcome<Iccid>> downloadOrder(
            Caller caller, @Nullable Eid eid, @Nullable Iccid iccid, @Nullable String profileType) {
        if (iccid == null && profileType == null) {
            return done(GsmaStatus.CONDITIONAL_INPUT_MISSING);
        }
        return inTenant(
                caller,
                connection -> (iccid == null
                                ? ofType(connection, caller, requireNonNull(profileType))
                                : byNumber(connection, iccid))
                        .compose(found -> {
                            if (found instanceof Outcome.Failed<ProfileRow> failed) {
                                return done(failed.status());
                            }
                            ProfileRow profile = ((Outcome.Done<ProfileRow>) found).value();
                            ProfileStatus.@Nullable CardReference card =
                                    eid == null ? null : ground.vault.card(profile.tenantId(), profile.id(), eid, true);
                            ProfileState state = eid == null ? ProfileState.ALLOCATED : ProfileState.LINKED;
                            OrderTerms terms = new OrderTerms(state, card, null, null, caller.operatorId());
                            return write(connection, profile, terms, ProfileStep.ORDERED);
                        }));
    }

    private Future<Outcome<ProfileRow>> byNumber(SqlConnection connection, Iccid iccid) {
        return ground.profiles.findByIccid(connection, iccid).map(found -> {
            if (found.isEmpty()) {
                return Outcome.failed(GsmaStatus.ICCID_UNKNOWN);
            }
            return found.get().status().state() == ProfileState.AVAILABLE
                    ? Outcome.done(found.get())
                    : Outcome.failed(GsmaStatus.ICCID_IN_USE);
        });
    }

    private Future<Outcome<ProfileRow>> ofType(SqlConnection connection, Caller caller, String profileType) {
        if (ground.kinds.find(profileType).isEmpty()) {
            return done(GsmaStatus.TYPE_UNKNOWN);
        }
        return ground.profiles
                .takeAvailable(connection, caller.tenantId(), profileType)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found)
                        : maker.make(connection, caller.tenantId(), caller.operatorId(), profileType))
                .map(found -> found.map(Outcome::done).orElseGet(() -> Outcome.failed(GsmaStatus.TYPE_USED_UP)));
    }

    /**
     * What ES2+.ConfirmOrder asks for.
     *
     * @param eid the card, or null
     * @param matchingId given by the operator, empty for none at all, or null to get one
     * @param confirmationCode to be asked of the traveller, or null
     * @param discoveryAddress an SM-DS to tell, or null
     * @param release whether the profile may be downloaded at once
     */
    public record Confirmation(
            @Nullable Eid eid,
            @Nullable String matchingId,
            @Nullable Sensitive<String> confirmationCode,
            @Nullable String discoveryAddress,
            boolean release) {}

    /**
     * A confirmed order.
     *
     * @param eid the card it is for, when there is one
     * @param matchingId the token of the activation code, empty when the card alone decides
     */
    public record Confirmed(Optional<Sensitive<Eid>> eid, Sensitive<String> matchingId) {}

    /** ES2+.ConfirmOrder: fixes card, matching id and code of an order. */
    public Future<Outcome<Confirmed>> confirmOrder(Caller caller, Iccid iccid, Confirmation wanted) {
        return inTenant(
                caller,
                connection -> ground.profiles.findByIccid(connection, iccid).compose(found -> {
                    if (found.isEmpty()) {
                        return done(GsmaStatus.ICCID_UNKNOWN);
                    }
                    ProfileRow profile = found.get();
                    Optional<GsmaStatus> refusal = refusalOf(profile, wanted);
                    return refusal.isPresent() ? done(refusal.get()) : confirm(connection, caller, profile, wanted);
                }));
    }

    private Optional<GsmaStatus> refusalOf(ProfileRow profile, Confirmation wanted) {
        ProfileState state = profile.status().state();
        if (state != ProfileState.ALLOCATED && state != ProfileState.LINKED) {
            return Optional.of(GsmaStatus.ICCID_NOT_ALLOWED);
        }
        ProfileStatus.CardReference linked = profile.status().card();
        if (linked != null && wanted.eid() != null && !linked.index().equals(ground.vault.eidIndex(wanted.eid()))) {
            return Optional.of(GsmaStatus.EID_MISMATCH);
        }
        String address = wanted.discoveryAddress();
        boolean discovery = address != null && !address.isEmpty();
        boolean byCard =
                discovery || (wanted.matchingId() != null && wanted.matchingId().isEmpty());
        if (byCard && linked == null && wanted.eid() == null) {
            return Optional.of(GsmaStatus.EID_MISSING);
        }
        if (discovery) {
            return Optional.of(GsmaStatus.DISCOVERY_UNREACHABLE);
        }
        if (wanted.matchingId() != null
                && !wanted.matchingId().isEmpty()
                && !MATCHING_ID.matcher(wanted.matchingId()).matches()) {
            return Optional.of(GsmaStatus.INVALID_INPUT);
        }
        return Optional.empty();
    }

    private Future<Outcome<Confirmed>> confirm(
            SqlConnection connection, Caller caller, ProfileRow profile, Confirmation wanted) {
        String given = wanted.matchingId();
        String matchingId = given == null ? tokens.get() : given;
        ProfileStatus.CardReference card = profile.status().card();
        if (card == null && wanted.eid() != null) {
            card = ground.vault.card(profile.tenantId(), profile.id(), wanted.eid(), true);
        }
        Sensitive<String> code = wanted.confirmationCode();
        byte @Nullable [] codeHash =
                code == null ? null : PrepareDownload.sha256(code.reveal().getBytes(StandardCharsets.UTF_8));
        OrderTerms terms = new OrderTerms(
                wanted.release() ? ProfileState.RELEASED : ProfileState.CONFIRMED,
                card,
                matchingId.isEmpty() ? null : matchingId,
                codeHash,
                caller.operatorId());
        Optional<Sensitive<Eid>> eid = wanted.eid() != null
                ? Optional.of(Sensitive.of(wanted.eid()))
                : ground.vault.eid(profile).map(Sensitive::of);
        ProfileStep step = wanted.release() ? ProfileStep.RELEASED : ProfileStep.CONFIRMED;
        return write(connection, profile, terms, step)
                .map(written -> written.then(iccid -> Outcome.done(new Confirmed(eid, Sensitive.of(matchingId)))));
    }

    /**
     * ES2+.CancelOrder: takes an order back as long as no card has the profile.
     *
     * @param available whether the profile goes back in stock; if not, it is never used again
     */
    public Future<Outcome<Iccid>> cancelOrder(
            Caller caller, Iccid iccid, @Nullable Eid eid, @Nullable String matchingId, boolean available) {
        return inTenant(
                caller,
                connection -> ground.profiles.findByIccid(connection, iccid).compose(found -> {
                    if (found.isEmpty()) {
                        return done(GsmaStatus.ICCID_UNKNOWN);
                    }
                    ProfileRow profile = found.get();
                    Optional<GsmaStatus> refusal = refusalOfCancel(profile, eid, matchingId);
                    if (refusal.isPresent()) {
                        return done(refusal.get());
                    }
                    ProfileState state = available ? ProfileState.AVAILABLE : ProfileState.UNAVAILABLE;
                    OrderTerms terms = new OrderTerms(state, null, null, null, caller.operatorId());
                    return write(connection, profile, terms, ProfileStep.REVOKED);
                }));
    }

    private Optional<GsmaStatus> refusalOfCancel(ProfileRow profile, @Nullable Eid eid, @Nullable String matchingId) {
        switch (profile.status().state()) {
            case DOWNLOADED, INSTALLED -> {
                return Optional.of(GsmaStatus.ICCID_IN_USE);
            }
            case AVAILABLE, UNAVAILABLE -> {
                return Optional.of(GsmaStatus.ICCID_NOT_ALLOWED);
            }
            case ALLOCATED, LINKED, CONFIRMED, RELEASED, ERROR -> {
                // May be taken back.
            }
        }
        ProfileStatus.CardReference card = profile.status().card();
        if (eid != null && (card == null || !card.index().equals(ground.vault.eidIndex(eid)))) {
            return Optional.of(GsmaStatus.EID_MISMATCH);
        }
        String kept = ground.vault.matchingId(profile).map(Sensitive::reveal).orElse("");
        return matchingId != null && !matchingId.equalsIgnoreCase(kept)
                ? Optional.of(GsmaStatus.MATCHING_ID_MISMATCH)
                : Optional.empty();
    }

    /** ES2+.ReleaseProfile: a confirmed profile may be downloaded from now on. */
    public Future<Outcome<Iccid>> releaseProfile(Caller caller, Iccid iccid) {
        return inTenant(
                caller,
                connection -> ground.profiles.findByIccid(connection, iccid).compose(found -> {
                    if (found.isEmpty()) {
                        return done(GsmaStatus.ICCID_UNKNOWN);
                    }
                    ProfileRow profile = found.get();
                    if (profile.status().state() != ProfileState.CONFIRMED) {
                        return done(GsmaStatus.INVALID_TRANSITION);
                    }
                    OrderTerms terms = new OrderTerms(
                            ProfileState.RELEASED,
                            profile.status().card(),
                            ground.vault
                                    .matchingId(profile)
                                    .map(Sensitive::reveal)
                                    .orElse(null),
                            ground.vault.confirmation(profile).orElse(null),
                            caller.operatorId());
                    return write(connection, profile, terms, ProfileStep.RELEASED);
                }));
    }

    private Future<Outcome<Iccid>> write(
            SqlConnection connection, ProfileRow profile, OrderTerms terms, ProfileStep step) {
        return ground.profiles.order(connection, profile, terms, ground.now()).compose(written -> {
            if (!written) {
                return Future.failedFuture(new Es9Ground.Outrun());
            }
            ProfileStatus after = ProfileStatus.initial(terms.state(), terms.card())
                    .withProgress(profile.status().progressNo() + 1);
            ProfileChange change = ProfileChange.of(profile.with(after), step, null, null, -1, ground.now());
            return progress.insert(connection, change).map(Outcome.done(ground.vault.iccid(profile)));
        });
    }

    /** One transaction, again when another request changed the profile; a matching id that exists has its status. */
    private <T> Future<Outcome<T>> inTenant(Caller caller, Function<SqlConnection, Future<Outcome<T>>> work) {
        return ground.retrying(() -> ground.database.inTenant(caller.tenantId(), work))
                .recover(failure ->
                        failure instanceof PgException refused && UNIQUE_VIOLATION.equals(refused.getSqlState())
                                ? Future.succeededFuture(Outcome.failed(GsmaStatus.MATCHING_ID_IN_USE))
                                : Future.failedFuture(failure));
    }

    private static <T> Future<Outcome<T>> done(GsmaStatus status) {
        return Future.succeededFuture(Outcome.failed(status));
    }
}
