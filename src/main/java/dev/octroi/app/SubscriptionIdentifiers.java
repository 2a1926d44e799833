package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.db.Database;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.secret.Sensitive;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens the sealed identifiers of a profile at the moment a message about it is sent. */
final class SubscriptionIdentifiers implements IdentifierSource {
    private final Database database;
    private final SubscriptionStore subscriptions;
    private final Profiles profiles;

    SubscriptionIdentifiers(Database database, SubscriptionStore subscriptions, Profiles profiles) {
        this.database = requireNonNull(database, "database is null");
        this.subscriptions = requireNonNull(subscriptions, "subscriptions is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
    }

    @Override
    public Future<Map<Long, Identifiers>> resolve(List<Subject> subjects) {
        return database.inWorker(connection -> {
            Map<Long, Identifiers> found = new HashMap<>();
            Future<Void> all = Future.succeededFuture();
            for (Subject subject : subjects) {
                all = all.compose(done -> profile(connection, subject)).map(row -> {
                    row.map(this::open).ifPresent(it -> found.put(subject.subscriptionId(), it));
                    return null;
                });
            }
            return all.map(found);
        });
    }

    /** ES2+ progress is about a profile, which may have no subscription; everything else about a subscription. */
    private Future<Optional<ProfileRow>> profile(SqlConnection connection, Subject subject) {
        return subscriptions
                .find(connection, subject.tenantId(), subject.subscriptionId())
                .compose(subscription -> profiles.find(
                        connection,
                        subject.tenantId(),
                        subscription.map(Subscription::profileId).orElse(subject.subscriptionId())));
    }

    private Identifiers open(ProfileRow row) {
        Optional<Sensitive<String>> eid = profiles.eid(row).map(found -> found.map(Eid::digits));
        return new Identifiers(profiles.iccid(row).map(Iccid::digits), profiles.imsi(row), eid);
    }
}
