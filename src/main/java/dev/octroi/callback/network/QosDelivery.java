package dev.octroi.callback.network;

import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.outbox.Attempt;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.callback.outbox.Taken;
import dev.octroi.callback.outbox.Verdict;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** One attempt to bring a device to a QoS profile, or to none, from whatever it has. */
final class QosDelivery {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int GONE = 410;
    /** Its row has another number by now, under which another attempt is made. */
    private static final Taken OVERTAKEN = Taken.waiting("the SIM or the network is another one meanwhile");

    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_.]{1,60}");

    private final CamaraConnector connector;
    private final ClaimedRow row;
    private final ClaimedRow.Partner partner;
    private final Optional<String> wanted;
    private final JsonObject device;

    QosDelivery(
            CamaraConnector connector,
            ClaimedRow row,
            ClaimedRow.Partner partner,
            Optional<String> wanted,
            JsonObject device) {
        this.connector = connector;
        this.row = row;
        this.partner = partner;
        this.wanted = wanted;
        this.device = device;
    }

    /** Begins with what the network was last known to have. */
    Future<Taken> from(Optional<NetworkCopy> known) {
        if (known.isEmpty() || known.get().state() == NetworkCopy.State.NONE) {
            return wanted.isPresent() ? ask(wanted.get(), Optional.empty()) : lookUp(Optional.empty());
        }
        NetworkCopy copy = known.get();
        if (copy.assignmentId() == null) {
            return lookUp(known);
        }
        boolean same = wanted.isPresent() && wanted.get().equals(copy.qosProfile());
        boolean alive = copy.state() == NetworkCopy.State.REQUESTED || copy.state() == NetworkCopy.State.AVAILABLE;
        if (same && alive) {
            return read(copy, copy.assignmentId());
        }
        boolean holds = !same && copy.state() != NetworkCopy.State.UNAVAILABLE && copy.qosProfile() != null;
        return revoke(copy, copy.assignmentId(), holds ? known : Optional.empty());
    }

    /** Whether an assignment that is on its way or in force is so. */
    private Future<Taken> read(NetworkCopy copy, String id) {
        return connector.client().get(partner, id).compose(answer -> {
            if (isGone(answer.status())) {
                return ask(wanted.orElseThrow(), Optional.empty());
            }
            Optional<QosAssignment> read = answer.status() == OK ? QosAssignment.read(answer.body()) : Optional.empty();
            if (read.isEmpty()) {
                return Future.succeededFuture(refusal(answer));
            }
            QosAssignment assignment = read.get();
            boolean usable =
                    assignment.status() != QosAssignment.Status.UNAVAILABLE && assignment.isOf(wanted.orElseThrow());
            return usable ? settle(asWanted(copy), assignment) : revoke(copy, id, Optional.empty());
        });
    }

    /** What the device has: of a request that broke off nobody knows how it ended. */
    private Future<Taken> lookUp(Optional<NetworkCopy> brokenOff) {
        return connector.client().retrieve(partner, device).compose(answer -> {
            if (isGone(answer.status())) {
                return wanted.isPresent() ? ask(wanted.get(), Optional.empty()) : none();
            }
            Optional<QosAssignment> found =
                    answer.status() == OK ? QosAssignment.read(answer.body()) : Optional.empty();
            if (found.isEmpty()) {
                return Future.succeededFuture(refusal(answer));
            }
            return take(found.get(), brokenOff);
        });
    }

    /** Takes up an assignment; one that our own request has made keeps its number, so that its events still count. */
    private Future<Taken> take(QosAssignment found, Optional<NetworkCopy> brokenOff) {
        boolean own = brokenOff.isPresent()
                && found.isOf(String.valueOf(brokenOff.get().qosProfile()));
        Future<Optional<NetworkCopy>> taken = own
                ? Future.succeededFuture(Optional.of(asWanted(brokenOff.get())))
                : connector.adopted(row, partner, found, found.qosProfile().orElse("unknown"));
        boolean wantedAlready = wanted.isPresent()
                && (found.qosProfile().equals(wanted)
                        || (own && wanted.get().equals(brokenOff.get().qosProfile())))
                && found.status() != QosAssignment.Status.UNAVAILABLE;
        return unlessOvertaken(
                taken, copy -> wantedAlready ? settle(copy, found) : revoke(copy, found.id(), Optional.empty()));
    }

    private Future<Taken> ask(String qosProfile, Optional<NetworkCopy> before) {
        return unlessOvertaken(
                        connector.asking(row, partner, qosProfile),
                        copy -> connector
                                .client()
                                .create(partner, connector.request(copy, device))
                                .compose(answer -> asked(copy, answer)))
                .compose(taken -> taken.result() == Attempt.Result.DEAD && before.isPresent()
                        ? restore(before.get(), taken)
                        : Future.succeededFuture(taken));
    }

    /** A profile that the API refuses for good is no reason to leave the device at full speed: it has the one before again. */
    private Future<Taken> restore(NetworkCopy before, Taken refused) {
        return unlessOvertaken(
                        connector.askingAgain(row, before),
                        copy -> connector
                                .client()
                                .create(partner, connector.request(copy, device))
                                .compose(answer -> answer.status() == CREATED
                                        ? QosAssignment.read(answer.body())
                                                .map(created -> connector.said(
                                                        copy,
                                                        new QosAssignment(
                                                                created.id(),
                                                                Optional.empty(),
                                                                QosAssignment.Status.REQUESTED)))
                                                .orElseGet(Future::succeededFuture)
                                        : Future.succeededFuture())
                                .map(refused))
                .transform(done -> Future.succeededFuture(refused));
    }

    /** Goes on with what was noted before a request, unless that is none to be made any more. */
    private static Future<Taken> unlessOvertaken(
            Future<Optional<NetworkCopy>> noted, Function<NetworkCopy, Future<Taken>> next) {
        return noted.compose(copy -> copy.map(next).orElseGet(() -> Future.succeededFuture(OVERTAKEN)));
    }

    private Future<Taken> asked(NetworkCopy copy, CallbackClient.Answer answer) {
        if (answer.status() == CONFLICT) {
            // Somebody else's request, or one of ours that broke off: the next attempt looks.
            return Future.succeededFuture(refusal(answer));
        }
        Optional<QosAssignment> created =
                answer.status() == CREATED ? QosAssignment.read(answer.body()) : Optional.empty();
        if (created.isEmpty()) {
            return Future.succeededFuture(refusal(answer));
        }
        QosAssignment assignment = created.get();
        return switch (assignment.status()) {
            case REQUESTED -> connector.said(copy, assignment).map(Taken.sent(CREATED));
            case UNAVAILABLE ->
                connector.said(copy, assignment).map(Taken.again(CREATED, "the QoS profile is not available"));
            // The answer alone confirms nothing.
            case AVAILABLE ->
                connector
                        .said(
                                copy,
                                new QosAssignment(assignment.id(), Optional.empty(), QosAssignment.Status.REQUESTED))
                        .compose(said -> confirm(copy, assignment.id()));
        };
    }

    private Future<Taken> confirm(NetworkCopy copy, String id) {
        return connector.client().get(partner, id).compose(answer -> {
            Optional<QosAssignment> read = answer.status() == OK ? QosAssignment.read(answer.body()) : Optional.empty();
            return read.filter(assignment -> assignment.status() == QosAssignment.Status.AVAILABLE
                            && assignment.isOf(wanted.orElseThrow()))
                    .map(assignment -> settle(copy, assignment))
                    .orElseGet(() -> Future.succeededFuture(Taken.sent(CREATED)));
        });
    }

    private Future<Taken> settle(NetworkCopy copy, QosAssignment assignment) {
        return connector
                .said(copy, assignment)
                .map(assignment.status() == QosAssignment.Status.AVAILABLE ? Taken.delivered(OK) : Taken.sent(OK));
    }

    /** @param before what the device has again where the API refuses the profile that should follow */
    private Future<Taken> revoke(NetworkCopy copy, String id, Optional<NetworkCopy> before) {
        return connector.client().delete(partner, id).compose(answer -> {
            int status = answer.status();
            if (status == ACCEPTED) {
                return connector.deleting(copy).map(Taken.waiting("the QoS assignment before is being deleted"));
            }
            if (status / 100 == 2 || isGone(status)) {
                return wanted.isPresent() ? ask(wanted.get(), before) : none();
            }
            return Future.succeededFuture(refusal(answer));
        });
    }

    private Future<Taken> none() {
        return unlessOvertaken(connector.none(row, partner), copy -> Future.succeededFuture(Taken.delivered(OK)));
    }

    /** The same copy for the version that is told now. */
    private NetworkCopy asWanted(NetworkCopy copy) {
        return new NetworkCopy(
                copy.tenantId(),
                copy.subscriptionId(),
                copy.partnerId(),
                row.version(),
                row.payload(),
                copy.state(),
                copy.number(),
                copy.assignmentId(),
                copy.qosProfile(),
                copy.elsewhere());
    }

    private static boolean isGone(int status) {
        return status == NOT_FOUND || status == GONE;
    }

    /** Neither done nor to be done: what the API said, and whether it is worth asking again. */
    private static Taken refusal(CallbackClient.Answer answer) {
        int status = answer.status();
        if (status / 100 == 2) {
            return Taken.again(status, "the answer is no QoS assignment");
        }
        String error =
                "status " + status + code(answer).map(code -> ", " + code).orElse("");
        // A token that has ended is got anew; every other 4xx says the same again.
        return status == UNAUTHORIZED
                ? Taken.again(status, error)
                : Taken.ofStatus(status, error, Verdict.retryAfterMs(answer.retryAfter()));
    }

    /** The {@code code} of an ErrorInfo; its message may quote what was sent. */
    private static Optional<String> code(CallbackClient.Answer answer) {
        try {
            Object code = new JsonObject(answer.body()).getMap().get("code");
            return code instanceof String text && CODE.matcher(text).matches() ? Optional.of(text) : Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
