package dev.octroi.callback;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.secret.Sealer;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feature as a whole: what the gateway constructs once, starts and stops. */
public final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    private final Dispatcher dispatcher;
    private final Reconciler reconciler;
    private final Webhooks webhooks;
    private final EventFeed events;
    private final CallbackKey key;

    /**
     * What the feature is made of.
     *
     * @param reconciling when policies without confirmation are looked at
     * @param key signs everything
     * @param functionRequester by what operators know the gateway on ES2+, for example its SM-DP+ OID
     * @param partnerClient shows the gateway's client certificate and trusts network and operators
     * @param webhookClient trusts the public authorities, shows no certificate
     * @param sbiClient as {@code partnerClient}, towards network functions over HTTP/2
     * @param radiusSecrets what is shared with network elements that are told by RADIUS
     * @param allowLoopback whether webhook addresses on this machine are allowed; only for development
     * @param identifiers looks up profiles at the moment of sending
     * @param notifications finds what cards reported, at the moment of sending
     * @param nfMessages finds what network functions are told, at the moment of sending
     * @param listener hears how policies fared
     */
    public record Parts(
            Vertx vertx,
            Database database,
            DispatcherSettings settings,
            ReconcilerSettings reconciling,
            CallbackKey key,
            String functionRequester,
            CallbackClient partnerClient,
            CallbackClient webhookClient,
            CallbackClient sbiClient,
            RadiusSecrets radiusSecrets,
            boolean allowLoopback,
            Sealer sealer,
            Ids ids,
            IdentifierSource identifiers,
            NotificationSource notifications,
            NfMessageSource nfMessages,
            DeliveryListener listener,
            InstantSource clock,
            SecureRandom random,
            MeterRegistry registry) {}

    public Callbacks(Parts parts) {
        Vertx vertx = parts.vertx();
        key = parts.key();
        MessageRenderer renderer = new MessageRenderer(key, parts.functionRequester());
        CallbackAddress addresses = new CallbackAddress(
                parts.allowLoopback(),
                host -> vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false));
        Sender sender = new Sender(
                parts.settings(),
                renderer,
                parts.partnerClient(),
                parts.webhookClient(),
                parts.sbiClient(),
                new RadiusConnector(
                        vertx,
                        parts.radiusSecrets(),
                        parts.random(),
                        parts.settings().timeoutMs(Stream.NETWORK)),
                addresses,
                parts.notifications(),
                parts.nfMessages(),
                parts.sealer(),
                new RetrySchedule(parts.settings().scheduleScale(), parts.random()),
                parts.clock());
        dispatcher = new Dispatcher(
                vertx,
                parts.database(),
                parts.settings(),
                sender,
                parts.identifiers(),
                new AttemptEvents(parts.listener(), parts.ids()),
                parts.clock(),
                parts.random(),
                parts.registry());
        reconciler = new Reconciler(
                vertx,
                parts.database(),
                parts.reconciling(),
                parts.settings().networkUrl().isPresent(),
                parts.ids(),
                parts.clock(),
                parts.registry(),
                dispatcher::nudge);
        webhooks = new Webhooks(
                parts.database(),
                addresses,
                parts.webhookClient(),
                renderer,
                parts.sealer(),
                parts.ids(),
                parts.random(),
                parts.clock(),
                dispatcher::nudge);
        events = new EventFeed(parts.database());
    }

    /** Begins to send. */
    public void start() {
        // Public on purpose: receivers verify with it.
        log.info("callbacks are signed with {}", publicKey());
        dispatcher.start();
        reconciler.start();
    }

    /** Says that rows have been committed; from any thread. */
    public void nudge() {
        dispatcher.nudge();
    }

    /** Ends sending; completes when what was under way has been put down. */
    public Future<Void> stop() {
        return reconciler.stop().compose(stopped -> dispatcher.stop());
    }

    /** Looks at once for policies that nobody confirmed; completes when all of them have been looked at. */
    Future<Void> reconcile() {
        return reconciler.round();
    }

    /** The reseller's endpoints. */
    public Webhooks webhooks() {
        return webhooks;
    }

    /** The event feed. */
    public EventFeed events() {
        return events;
    }

    /** What receivers verify signatures with, {@code whpk_…}. */
    public String publicKey() {
        return key.publicText();
    }
}
