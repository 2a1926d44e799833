package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Pieces;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.secret.Sensitive;
import dev.octroi.secret.Sha256;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The functions of ES2+ (SGP.22 v2.5 §5.3) for operators that order profiles here. An operator sees the profiles of the
 * tenant that its certificate stands for; those that another operator of the tenant ordered are refused, those of other
 * tenants do not exist. A call that is sent again is answered again and does nothing more.
 */
public final class OperatorOrders {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String SEQUENCE_USED_UP = "2200H";
    private static final String DOWNLOAD_ORDER = "downloadOrder";
    private static final String CANCEL_ORDER = "cancelOrder";

    private static final int PURGE_PIECES = 20;

    private final Es9Ground ground;
    private final OperatorCallStore calls;
    private final OperatorRules rules;
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
        this.calls = new OperatorCallStore(ground.vault);
        this.rules = new OperatorRules(ground.vault);
        this.maker = requireNonNull(maker, "maker is null");
        this.tokens = requireNonNull(tokens, "tokens is null");
    }

    /** ES2+.DownloadOrder: reserves a profile by its number or of a type; gives its number. */
    public Future<Outcome<Iccid>> downloadOrder(
            OperatorCall call, @Nullable Eid eid, @Nullable Iccid iccid, @Nullable String profileType) {
        if (iccid == null && profileType == null) {
            return Future.succeededFuture(Outcome.failed(GsmaStatus.CONDITIONAL_INPUT_MISSING));
        }
        return once(
                call,
                DOWNLOAD_ORDER,
                ground.vault::iccid,
                connection -> choose(connection, call, iccid, profileType).compose(chosen -> {
                    if (!(chosen instanceof Outcome.Done<ProfileRow> done)) {
                        return Future.succeededFuture(chosen);
                    }
                    ProfileRow profile = done.value();
                    ProfileStatus.@Nullable CardReference card =
                            eid == null ? null : ground.vault.card(profile.tenantId(), profile.id(), eid, true);
                    ProfileState state = eid == null ? ProfileState.ALLOCATED : ProfileState.LINKED;
                    OrderTerms terms = new OrderTerms(state, card, null, null, call.operatorId());
                    return write(connection, profile, terms, ProfileStep.ORDERED);
                }));
    }

    private Future<Outcome<ProfileRow>> choose(
            SqlConnection connection, OperatorCall call, @Nullable Iccid iccid, @Nullable String profileType) {
        Future<Boolean> known = profileType == null
                ? Future.succeededFuture(true)
                : ground.contents.isOrderable(connection, call.tenantId(), profileType);
        return known.compose(
                is -> is ? chooseKnown(connection, call, iccid, profileType) : refused(GsmaStatus.TYPE_UNKNOWN));
    }

    private Future<Outcome<ProfileRow>> chooseKnown(
            SqlConnection connection, OperatorCall call, @Nullable Iccid iccid, @Nullable String profileType) {
        if (iccid != null) {
            return find(connection, iccid, profile -> rules.order(profile, call, profileType));
        }
        String type = requireNonNull(profileType);
        if (!call.mayOrder(type)) {
            return refused(GsmaStatus.TYPE_NOT_ALLOWED);
        }
        return ground.profiles
                .takeAvailable(connection, call.tenantId(), call.operatorId(), type)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found)
                        : maker.make(connection, call.tenantId(), call.operatorId(), type))
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
    public Future<Outcome<Confirmed>> confirmOrder(OperatorCall call, Iccid iccid, Confirmation wanted) {
        return once(
                call,
                "confirmOrder",
                this::confirmed,
                connection -> find(connection, iccid, profile -> rules.confirm(profile, call, wanted))
                        .compose(found -> found instanceof Outcome.Done<ProfileRow> done
                                ? write(
                                        connection,
                                        done.value(),
                                        confirmed(done.value(), call, wanted),
                                        wanted.release() ? ProfileStep.RELEASED : ProfileStep.CONFIRMED)
                                : Future.succeededFuture(found)));
    }

    private OrderTerms confirmed(ProfileRow profile, OperatorCall call, Confirmation wanted) {
        String given = wanted.matchingId();
        String matchingId = given == null ? tokens.get() : given;
        ProfileStatus.CardReference card = profile.status().card();
        if (card == null && wanted.eid() != null) {
            card = ground.vault.card(profile.tenantId(), profile.id(), wanted.eid(), true);
        }
        Sensitive<String> code = wanted.confirmationCode();
        byte @Nullable [] codeHash =
                code == null ? null : Sha256.of(code.reveal().getBytes(StandardCharsets.UTF_8));
        return new OrderTerms(
                wanted.release() ? ProfileState.RELEASED : ProfileState.CONFIRMED,
                card,
                matchingId.isEmpty() ? null : matchingId,
                codeHash,
                call.operatorId());
    }

    private Confirmed confirmed(ProfileRow profile) {
        return new Confirmed(
                ground.vault.eid(profile).map(Sensitive::of),
                ground.vault.matchingId(profile).orElse(Sensitive.of("")));
    }

    /**
     * ES2+.CancelOrder: takes an order back as long as no card has the profile.
     *
     * @param available whether the profile goes back in stock; if not, it is never used again
     */
    public Future<Outcome<Iccid>> cancelOrder(
            OperatorCall call, Iccid iccid, @Nullable Eid eid, @Nullable String matchingId, boolean available) {
        ProfileState state = available ? ProfileState.AVAILABLE : ProfileState.UNAVAILABLE;
        OrderTerms terms = new OrderTerms(state, null, null, null, call.operatorId());
        return once(
                call,
                CANCEL_ORDER,
                ground.vault::iccid,
                connection -> find(
                                connection, iccid, profile -> rules.cancel(profile, call, eid, matchingId, available))
                        .compose(found -> found instanceof Outcome.Done<ProfileRow> done
                                ? write(connection, done.value(), terms, ProfileStep.REVOKED)
                                : Future.succeededFuture(found)));
    }

    /** ES2+.ReleaseProfile: a confirmed profile may be downloaded from now on. */
    public Future<Outcome<Iccid>> releaseProfile(OperatorCall call, Iccid iccid) {
        return once(
                call,
                "releaseProfile",
                ground.vault::iccid,
                connection -> find(connection, iccid, profile -> rules.release(profile, call))
                        .compose(found -> found instanceof Outcome.Done<ProfileRow> done
                                ? write(connection, done.value(), released(done.value(), call), ProfileStep.RELEASED)
                                : Future.succeededFuture(found)));
    }

    private OrderTerms released(ProfileRow profile, OperatorCall call) {
        return new OrderTerms(
                ProfileState.RELEASED,
                profile.status().card(),
                ground.vault.matchingId(profile).map(Sensitive::reveal).orElse(null),
                ground.vault.confirmation(profile).orElse(null),
                call.operatorId());
    }

    /** Removes calls that nobody will repeat any more; gives their number, at most 200,000. For a job. */
    public Future<Integer> purgeCalls() {
        return Pieces.remove(
                ground.database,
                connection -> calls.purge(connection, ground.now()),
                OperatorCallStore.MAX_PURGED,
                PURGE_PIECES);
    }

    private Future<Outcome<ProfileRow>> find(
            SqlConnection connection, Iccid iccid, Function<ProfileRow, Optional<GsmaStatus>> rule) {
        return ground.profiles.findByIccid(connection, iccid).map(found -> {
            if (found.isEmpty()) {
                return Outcome.failed(GsmaStatus.ICCID_UNKNOWN);
            }
            return rule.apply(found.get())
                    .<Outcome<ProfileRow>>map(Outcome::failed)
                    .orElseGet(() -> Outcome.done(found.get()));
        });
    }

    private Future<Outcome<ProfileRow>> write(
            SqlConnection connection, ProfileRow profile, OrderTerms terms, ProfileStep step) {
        return ground.profiles.order(connection, profile, terms, ground.now()).compose(written -> {
            if (!written) {
                return Future.failedFuture(new Es9Ground.Outrun());
            }
            ProfileStatus after = ProfileStatus.initial(terms.state(), terms.card())
                    .withProgress(profile.status().progressNo() + 1);
            ProfileChange change = ProfileChange.of(profile.with(after), step, null, null, -1, ground.now());
            return ground.recorder.record(connection, change).map(Outcome.done(profile));
        });
    }

    /**
     * One transaction, again when another request changed the profile. What was carried out is remembered in it; the
     * answer, the first as every later one, is read from the profile.
     */
    private <T> Future<Outcome<T>> once(
            OperatorCall call,
            String function,
            Function<ProfileRow, T> answer,
            Function<SqlConnection, Future<Outcome<ProfileRow>>> work) {
        return ground.retrying(() -> ground.database.inTenant(
                        call.tenantId(),
                        connection -> calls.find(connection, call, function)
                                .compose(seen -> seen.isPresent()
                                        ? Future.succeededFuture(Outcome.done(seen.get()))
                                        : work.apply(connection)
                                                .compose(done -> remember(connection, call, function, done)))
                                .compose(done -> answer(connection, call, done, answer))))
                .recover(OperatorOrders::refusalOf);
    }

    /** What the database refuses and the standard has a status for. */
    private static <T> Future<Outcome<T>> refusalOf(Throwable failure) {
        return switch (failure instanceof PgException refused ? String.valueOf(refused.getSqlState()) : "") {
            case UNIQUE_VIOLATION -> Future.succeededFuture(Outcome.failed(GsmaStatus.MATCHING_ID_IN_USE));
            case SEQUENCE_USED_UP -> Future.succeededFuture(Outcome.failed(GsmaStatus.TYPE_USED_UP));
            default -> Future.failedFuture(failure);
        };
    }

    private Future<Outcome<Long>> remember(
            SqlConnection connection, OperatorCall call, String function, Outcome<ProfileRow> done) {
        if (!(done instanceof Outcome.Done<ProfileRow> written)) {
            return Future.succeededFuture(Outcome.failed(((Outcome.Failed<ProfileRow>) done).status()));
        }
        ProfileRow profile = written.value();
        // With the order its calls are over too: the same call may come again for the next order of the profile. Not so
        // the
        // end itself: sent again because its answer was lost, it must not end the next order.
        boolean outlives = function.equals(CANCEL_ORDER);
        boolean turns = outlives || function.equals(DOWNLOAD_ORDER);
        return (turns ? calls.forget(connection, call.tenantId(), profile.id()) : Future.<Void>succeededFuture())
                .compose(clear -> calls.remember(connection, call, function, profile.id(), outlives, ground.now()))
                .map(Outcome.done(profile.id()));
    }

    private <T> Future<Outcome<T>> answer(
            SqlConnection connection, OperatorCall call, Outcome<Long> done, Function<ProfileRow, T> answer) {
        if (!(done instanceof Outcome.Done<Long> known)) {
            return Future.succeededFuture(Outcome.failed(((Outcome.Failed<Long>) done).status()));
        }
        return ground.profiles
                .find(connection, call.tenantId(), known.value())
                .map(row -> Outcome.done(answer.apply(row.orElseThrow())));
    }

    private static Future<Outcome<ProfileRow>> refused(GsmaStatus status) {
        return Future.succeededFuture(Outcome.failed(status));
    }
}
