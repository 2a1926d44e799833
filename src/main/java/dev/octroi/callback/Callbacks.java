package dev.octroi.callback;

import dev.octroi.callback.call.CallbackAddress;
import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.call.Callers;
import dev.octroi.callback.call.HostBreakers;
import dev.octroi.callback.call.HostNames;
import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.callback.event.EventFeed;
import dev.octroi.callback.message.CallbackKey;
import dev.octroi.callback.message.MessageRenderer;
import dev.octroi.callback.message.MessageSender;
import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.callback.message.NotificationSource;
import dev.octroi.callback.network.AccessTokens;
import dev.octroi.callback.network.CamaraConnector;
import dev.octroi.callback.network.NetworkReads;
import dev.octroi.callback.network.PolicyProof;
import dev.octroi.callback.network.PolicySender;
import dev.octroi.callback.network.QosCaller;
import dev.octroi.callback.network.QosClient;
import dev.octroi.callback.network.QosEvents;
import dev.octroi.callback.network.RadiusConnector;
import dev.octroi.callback.network.RadiusSecrets;
import dev.octroi.callback.network.SinkTokens;
import dev.octroi.callback.network.ThreeGppConnector;
import dev.octroi.callback.outbox.DeliveryListener;
import dev.octroi.callback.outbox.DispatchMetrics;
import dev.octroi.callback.outbox.Dispatcher;
import dev.octroi.callback.outbox.DispatcherSettings;
import dev.octroi.callback.outbox.RetrySchedule;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Verdict;
import dev.octroi.callback.reconcile.Reconciler;
import dev.octroi.callback.reconcile.ReconcilerSettings;
import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.secret.Sealer;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feature as a whole: what the gateway constructs once, starts and stops. */
public final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    /** Names looked up at a time. */
    private static final int WEBHOOK_NAMES = 64;
    /** Whoever registers waits in threads of their own, so that names that hang hold no delivery up. */
    private static final int NEW_NAMES = 16;

    private static final int PARTNER_NAMES = 16;

    private final Dispatcher dispatcher;
    private final Reconciler reconciler;
    private final Webhooks webhooks;
    private final EventFeed events;
    private final QosEvents qosEvents;
    private final CallbackKey key;

    /**
     * What the feature is made of.
     *
     * @param reconciling when policies without confirmation are looked at
     * @param key signs everything
     * @param sinkKey authenticates the tokens of sinks
     * @param sink where networks with a CAMARA API send their events
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
            SecretKey sinkKey,
            String sink,
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
        CallbackAddress addresses = addresses(parts, "names of webhooks", WEBHOOK_NAMES);
        Callers callers = new Callers(
                parts.partnerClient(),
                parts.webhookClient(),
                parts.sbiClient(),
                addresses,
                addresses(parts, "names of partners", PARTNER_NAMES));
        long timeoutMs = parts.settings().timeoutMs(Stream.NETWORK);
        QosCaller caller = new QosCaller(callers, timeoutMs);
        QosClient qos = new QosClient(caller, new AccessTokens(caller, parts.clock()), parts.sealer());
        SinkTokens tokens = new SinkTokens(parts.sinkKey());
        StreamSender sender = sender(parts, renderer, callers, qos, tokens);
        boolean settled = parts.settings().networkUrl().isPresent();
        Duration readEvery = parts.reconciling().readEvery();
        DispatchMetrics metrics = new DispatchMetrics(parts.registry());
        dispatcher = new Dispatcher(
                vertx,
                parts.database(),
                parts.settings(),
                sender,
                parts.identifiers(),
                new AttemptEvents(parts.listener(), parts.ids(), !settled, readEvery),
                parts.clock(),
                parts.random(),
                metrics);
        PolicyProof proof = new PolicyProof(
                parts.listener(), parts.ids(), metrics, parts.settings().scheduleScale());
        qosEvents = new QosEvents(
                parts.database(), tokens, proof, parts.clock(), readEvery, parts.registry(), dispatcher::nudge);
        reconciler = new Reconciler(
                vertx,
                parts.database(),
                parts.reconciling(),
                settled,
                parts.ids(),
                parts.clock(),
                parts.registry(),
                dispatcher::nudge,
                new NetworkReads(
                        parts.database(),
                        parts.partnerClient(),
                        qos,
                        proof,
                        readEvery,
                        timeoutMs,
                        parts.clock(),
                        parts.registry()));
        webhooks = new Webhooks(
                parts.database(),
                addresses(parts, "names of new webhooks", NEW_NAMES),
                parts.webhookClient(),
                renderer,
                parts.sealer(),
                parts.ids(),
                parts.random(),
                parts.clock(),
                dispatcher::nudge);
        events = new EventFeed(parts.database());
    }

    private static CallbackAddress addresses(Parts parts, String purpose, int threads) {
        HostNames names =
                new HostNames(parts.vertx(), purpose, threads, host -> List.of(InetAddress.getAllByName(host)));
        return new CallbackAddress(parts.allowLoopback(), names::all);
    }

    private static StreamSender sender(
            Parts parts, MessageRenderer renderer, Callers callers, QosClient qos, SinkTokens tokens) {
        DispatcherSettings settings = parts.settings();
        PolicySender policies = new PolicySender(
                settings,
                renderer,
                parts.partnerClient(),
                new RadiusConnector(
                        parts.vertx(), parts.radiusSecrets(), parts.random(), settings.timeoutMs(Stream.NETWORK)),
                new CamaraConnector(
                        parts.database(),
                        qos,
                        tokens,
                        parts.sink(),
                        parts.ids(),
                        parts.clock(),
                        parts.reconciling().readEvery()),
                new ThreeGppConnector(parts.database(), parts.clock()),
                parts.database(),
                parts.ids());
        return new StreamSender(
                policies,
                new MessageSender(
                        settings,
                        renderer,
                        callers,
                        parts.notifications(),
                        parts.nfMessages(),
                        parts.sealer(),
                        new HostBreakers(settings.scheduleScale(), parts.clock())),
                new Verdict(settings, new RetrySchedule(settings.scheduleScale(), parts.random()), parts.clock()),
                parts.clock());
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

    /** Events of networks with a CAMARA API. */
    public QosEvents qosEvents() {
        return qosEvents;
    }

    /** What receivers verify signatures with, {@code whpk_…}. */
    public String publicKey() {
        return key.publicText();
    }
}
