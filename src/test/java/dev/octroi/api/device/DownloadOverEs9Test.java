package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.CardProfile;
import dev.octroi.rsp.euicc.DownloadLoad;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.rsp.order.CardPresence;
import dev.octroi.rsp.order.ProfileState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads as phones do them: interrupted, repeated, by old and new cards, on both curves and in both bindings. */
final class DownloadOverEs9Test {
    private static final Set<String> SERVER_STEPS =
            Set.of("initiateAuthentication", "authenticateClient", "getBoundProfilePackage", "handleNotification");

    @TempDir
    private static Path folder;

    private static DeviceServer server;

    @BeforeAll
    static void start() throws Exception {
        server = DeviceServer.start(folder, GsmaCurve.P256);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void asn1BindingCarriesAWholeDownload() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        VirtualEuicc card = server.card();
        try (Lpa lpa = new Lpa(
                card, LpaTrust.of(card.ciCertificates()), LpaSettings.standard().inAsn1())) {
            lpa.enable(lpa.download(ordered.activationCode()).iccid());
        }
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.INSTALLED);
        assertThat(server.profile(ordered).status().presence()).isEqualTo(CardPresence.ENABLED);
    }

    @Test
    void asn1BindingTellsARefusal() {
        VirtualEuicc card = server.card();
        try (Lpa lpa = new Lpa(
                card, LpaTrust.of(card.ciCertificates()), LpaSettings.standard().inAsn1())) {
            lpa.download("LPA:1$" + server.address() + "$UNKNOWN");
            throw new AssertionError("not refused");
        } catch (LpaException e) {
            assertThat(e.status()).contains("8.2.6/3.8");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.2.0", "2.2.1", "2.2.2", "2.3.0", "2.4.0", "2.5.0"})
    void cardOfEveryVersionOfTheStandardDownloads(String version) throws Exception {
        VirtualEuicc card = server.card(new CardFacts(version, 512 * 1024, "35290611"));
        try (Lpa lpa = server.device(card)) {
            lpa.download(server.order().activationCode());
        }
        assertThat(card.profiles()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AuthenticateServer",
                "authenticateClient",
                "PrepareDownload",
                "getBoundProfilePackage",
                "LoadBoundProfilePackage",
            })
    void downloadThatBrokeOffBeginsAgain(String last) throws Exception {
        DeviceServer.Ordered ordered = server.order();
        VirtualEuicc card = server.card();
        try (Lpa lpa = server.device(card)) {
            Lpa breaking = lpa.observedBy(step -> {
                if (step.equals(last)) {
                    throw new IllegalStateException("the phone lost its network");
                }
            });
            assertThatIllegalStateException().isThrownBy(() -> breaking.download(ordered.activationCode()));
            assertThat(card.profiles()).isEmpty();
            lpa.download(ordered.activationCode());
        }
        assertThat(card.profiles()).hasSize(1);
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.INSTALLED);
    }

    @Test
    void profileThatWasNotInstalledGoesToAnotherCardOnlyIfTheServerSaysSo() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (Lpa lpa = server.device(server.card())) {
            Lpa breaking = lpa.observedBy(step -> {
                if (step.equals("LoadBoundProfilePackage")) {
                    throw new IllegalStateException("the phone lost its power");
                }
            });
            assertThatIllegalStateException().isThrownBy(() -> breaking.download(ordered.activationCode()));
        }
        VirtualEuicc other = server.card();
        try (Lpa lpa = server.device(other)) {
            lpa.download(ordered.activationCode());
            assertThat(other.profiles()).hasSize(1);
        } catch (LpaException e) {
            assertThat(e.source()).isEqualTo(LpaException.Source.SERVER);
            assertThat(e.status()).isPresent();
        }
    }

    @Test
    void resultThatGotLostIsToldByTheNextNotification() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        VirtualEuicc card = server.card();
        try (Lpa lpa = server.device(card)) {
            Lpa silent = lpa.observedBy(step -> {
                if (step.equals("handleNotification")) {
                    throw new IllegalStateException("the phone lost its network");
                }
            });
            assertThatIllegalStateException().isThrownBy(() -> silent.download(ordered.activationCode()));
            assertThat(card.notifications()).hasSize(1);
            String iccid = card.profiles().getFirst().iccid();
            // The result of the installation never arrives; what comes after it does.
            card.removeNotification(card.notifications().getFirst().sequenceNumber());
            lpa.enable(iccid);
        }
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.INSTALLED);
        assertThat(server.profile(ordered).status().presence()).isEqualTo(CardPresence.ENABLED);
    }

    @Test
    void enablingTheSecondProfileDisablesTheFirst() throws Exception {
        DeviceServer.Ordered first = server.order();
        DeviceServer.Ordered second = server.order();
        VirtualEuicc card = server.card();
        try (Lpa lpa = server.device(card)) {
            lpa.enable(lpa.download(first.activationCode()).iccid());
            lpa.enable(lpa.download(second.activationCode()).iccid());
        }
        assertThat(card.profiles()).extracting(CardProfile::enabled).containsExactly(false, true);
        assertThat(server.profile(first).status().presence()).isEqualTo(CardPresence.DISABLED);
        assertThat(server.profile(second).status().presence()).isEqualTo(CardPresence.ENABLED);
    }

    @Test
    void manyPhonesDownloadAtOnce() throws Exception {
        List<DownloadLoad.Errand> errands = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            errands.add(new DownloadLoad.Errand(server.card(), server.order().activationCode()));
        }
        DownloadLoad.Outcome outcome = new DownloadLoad(
                        LpaTrust.of(errands.getFirst().card().ciCertificates()), LpaSettings.standard(), 4)
                .run(errands);
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.installed()).isEqualTo(12);
        SERVER_STEPS.forEach(
                step -> assertThat(outcome.callNanos().get(step)).as(step).hasSize(12));
    }

    @Test
    void oneCodeOnManyPhonesInstallsOnce() throws Exception {
        String code = server.order().activationCode();
        List<DownloadLoad.Errand> errands = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            errands.add(new DownloadLoad.Errand(server.card(), code));
        }
        new DownloadLoad(LpaTrust.of(errands.getFirst().card().ciCertificates()), LpaSettings.standard(), 6)
                .run(errands);
        long installed = errands.stream()
                .filter(errand -> !errand.card().profiles().isEmpty())
                .count();
        assertThat(installed).isEqualTo(1);
    }

    @Test
    void serverOnBrainpoolServesACardOnBrainpool(@TempDir Path own) throws Exception {
        try (DeviceServer brainpool = DeviceServer.start(own, GsmaCurve.BRAINPOOL_P256R1)) {
            VirtualEuicc card = brainpool.card();
            DeviceServer.Ordered ordered = brainpool.order();
            // TLS of the JDK does not know the curve of this root: the certificate itself is trusted.
            byte[] tls = brainpool.pki().material().dpTls().certificateDer();
            try (Lpa lpa = new Lpa(card, LpaTrust.of(List.of(tls)))) {
                lpa.enable(lpa.download(ordered.activationCode()).iccid());
            }
            assertThat(brainpool.profile(ordered).status().presence()).isEqualTo(CardPresence.ENABLED);
        }
    }

    @Test
    void serverMayBeRestartedBetweenAnyTwoMessages(@TempDir Path own) throws Exception {
        AtomicReference<DeviceServer> current = new AtomicReference<>(DeviceServer.start(own, GsmaCurve.P256));
        try {
            DeviceServer.Ordered ordered = current.get().order();
            VirtualEuicc card = current.get().card();
            try (Lpa lpa = current.get().device(card)) {
                lpa.observedBy(step -> {
                            if (SERVER_STEPS.contains(step)) {
                                restart(current);
                            }
                        })
                        .download(ordered.activationCode());
            }
            assertThat(card.profiles()).hasSize(1);
            assertThat(card.notifications()).isEmpty();
            assertThat(current.get().profile(ordered).status().state()).isEqualTo(ProfileState.INSTALLED);
        } finally {
            current.get().close();
        }
    }

    private static void restart(AtomicReference<DeviceServer> current) {
        try {
            current.set(current.get().restarted());
        } catch (Exception e) {
            throw new IllegalStateException("the server did not come back", e);
        }
    }
}
