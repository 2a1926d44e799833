package dev.octroi.app;

import dev.octroi.access.Partners;
import dev.octroi.api.operator.ChargingApi;
import dev.octroi.charging.ChargingNotices;
import dev.octroi.charging.ConvergedCharging;
import dev.octroi.charging.RegisteredHosts;
import dev.octroi.http.Front;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** The charging function of 3GPP: its sessions, and what their consumers are told. */
record Charging(ConvergedCharging sessions, ChargingNotices notices) {
    static Charging open(Ground ground, Settings settings, Counting counting, Partners partners) {
        Settings.ChargingSettings wanted = settings.chargingFunction();
        RegisteredHosts hosts = partners::notifiesAt;
        return new Charging(
                new ConvergedCharging(
                        ground.database(),
                        counting.accounts(),
                        ground.index(),
                        ground.sealer(),
                        ground.ids(),
                        ground.clock(),
                        settings.usage().latenessHorizon(),
                        wanted.terms(),
                        wanted.topUpUrl()),
                new ChargingNotices(ground.database(), ground.sealer(), hosts));
    }

    /** Adds the listener, where one is configured. */
    void listen(Ground ground, Settings settings, Partners partners, Listeners listeners)
            throws IOException, GeneralSecurityException {
        if (settings.charging().isEmpty()) {
            return;
        }
        Front front = listeners.front("charging");
        new ChargingApi(partners, sessions, ground.metrics().registry()).mount(front.router());
        listeners.addHttp2("charging", settings.charging().get(), ground.trust().chargingTls(), front);
    }
}
