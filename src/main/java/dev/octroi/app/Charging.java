package dev.octroi.app;

import dev.octroi.access.Partners;
import dev.octroi.api.operator.ChargingApi;
import dev.octroi.api.operator.SpendingLimitApi;
import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.charging.ChargingNotices;
import dev.octroi.charging.ConvergedCharging;
import dev.octroi.charging.SpendingLimits;
import dev.octroi.charging.SpendingNotices;
import dev.octroi.http.Front;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** The charging function of 3GPP: sessions, spending limits, and what their consumers are told. */
record Charging(ConvergedCharging sessions, ChargingNotices notices, SpendingLimits limits, SpendingNotices spending) {
    /** Opened before counting, which tells it of changes. */
    static SpendingNotices spending(Ground ground, Partners partners) {
        return new SpendingNotices(
                ground.database(), ground.sealer(), ground.ids(), ground.clock(), partners::notifiesAt);
    }

    static Charging open(
            Ground ground, Settings settings, Counting counting, SpendingNotices spending, Partners partners) {
        Settings.ChargingSettings wanted = settings.chargingFunction();
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
                new ChargingNotices(ground.database(), ground.sealer(), partners::notifiesAt),
                new SpendingLimits(
                        ground.database(), ground.index(), ground.sealer(), ground.ids(), ground.clock(), spending),
                spending);
    }

    /** What network functions are told. */
    NfMessageSource messages() {
        return SpendingNotices.or(spending, notices);
    }

    /** Adds the listener, where one is configured. */
    void listen(Ground ground, Settings settings, Partners partners, Listeners listeners)
            throws IOException, GeneralSecurityException {
        if (settings.charging().isEmpty()) {
            return;
        }
        Front front = listeners.front("charging");
        new ChargingApi(partners, sessions, ground.metrics().registry()).mount(front.router());
        new SpendingLimitApi(partners, limits, ground.metrics().registry()).mount(front.router());
        listeners.addHttp2("charging", settings.charging().get(), ground.trust().chargingTls(), front);
    }
}
