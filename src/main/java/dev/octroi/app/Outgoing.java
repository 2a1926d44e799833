package dev.octroi.app;

import dev.octroi.api.operator.QosEventApi;
import dev.octroi.callback.Callbacks;
import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.message.CallbackKey;
import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.callback.network.RadiusSecrets;
import dev.octroi.callback.outbox.DispatcherSettings;
import dev.octroi.callback.reconcile.ReconcilerSettings;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.usage.radius.RadiusClients;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;

/** Whatever leaves the gateway on its own account: policy callbacks, webhooks, ES2+ progress. */
final class Outgoing {
    private static final String PUBLIC_KEY = "callback.pub";
    private static final int PARTNER_CONNECTIONS = 32;
    private static final int WEBHOOK_CONNECTIONS = 8;
    private static final Duration RECONCILE = Duration.ofSeconds(2);

    private Outgoing() {}

    static Callbacks open(Ground ground, Settings settings, Profiles profiles, NfMessageSource nfMessages)
            throws IOException, GeneralSecurityException {
        Settings.CallbackSettings wanted = settings.callback();
        Trust trust = ground.trust();
        CallbackKey key = CallbackKey.of(ground.keyring().derive("callback signature"));
        // For receivers on this machine; everybody else finds it in the answers about webhooks.
        Files.writeString(ground.data().resolve(PUBLIC_KEY), key.publicText() + "\n");
        return new Callbacks(new Callbacks.Parts(
                ground.vertx(),
                ground.database(),
                DispatcherSettings.standard(wanted.networkUrl(), wanted.es2Url(), wanted.scheduleScale()),
                new ReconcilerSettings(RECONCILE, wanted.repairAfter(), wanted.escalateAfter(), wanted.readEvery()),
                key,
                ground.keyring().derive("sink token"),
                settings.publicAddress() + QosEventApi.PATH,
                trust.rsp().loaded().oid(),
                new CallbackClient(ground.vertx(), trust.callbackTls().options(), PARTNER_CONNECTIONS),
                new CallbackClient(
                        ground.vertx(), trust.webhookTls(wanted.allowLoopback()).options(), WEBHOOK_CONNECTIONS),
                CallbackClient.http2(ground.vertx(), trust.callbackTls().options(), PARTNER_CONNECTIONS),
                radiusSecrets(settings.radius()),
                wanted.allowLoopback(),
                ground.sealer(),
                ground.ids(),
                new SubscriptionIdentifiers(ground.database(), new SubscriptionStore(), profiles),
                (tenantId, profileId, sequence) ->
                        profiles.notification(ground.database().workerPool(), tenantId, profileId, sequence),
                nfMessages,
                new PolicyConfirmations(),
                // Gateways lease from each other what they send.
                ground.clockWatch().shared(),
                ground.random(),
                ground.metrics().registry()));
    }

    /** An element that reports by RADIUS is told by RADIUS under the same secret. */
    private static RadiusSecrets radiusSecrets(Settings.RadiusSettings settings) throws IOException {
        if (settings.clients().isEmpty()) {
            return address -> Optional.empty();
        }
        return RadiusClients.read(settings.clients().get())::secret;
    }
}
